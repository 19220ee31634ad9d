"""Documents as projects: finding, creating and writing them; and the numbers of Asana projects in a portfolio."""

from destination_asana.writing.projects.documents import DocumentProjects
from destination_asana.writing.projects.dry_run import logged_projects
from destination_asana.writing.projects.finder import Found
from destination_asana.writing.projects.portfolio_numbers import (
    DryRunPortfolioNumbers,
    PortfolioExecutor,
    PortfolioNumbers,
)
from destination_asana.writing.projects.real_run import written_projects

__all__ = [
    "DocumentProjects",
    "DryRunPortfolioNumbers",
    "Found",
    "PortfolioExecutor",
    "PortfolioNumbers",
    "logged_projects",
    "written_projects",
]
