"""Takes over tasks that people have made, for documents that have none yet.

`planning.adoption` decides. `checkpoint` gathers the documents of a checkpoint, because they are decided about together;
`documents` is one stream's view of it; `report` tells the run's summary.
"""

from destination_asana.sync.adoption.checkpoint import CheckpointAdoption
from destination_asana.sync.adoption.documents import Adopter, DocumentAdoption, NoAdopter
from destination_asana.sync.adoption.none import Adoption, NoAdoption
from destination_asana.sync.adoption.report import AdoptionReport

__all__ = [
    "Adopter",
    "Adoption",
    "AdoptionReport",
    "CheckpointAdoption",
    "DocumentAdoption",
    "NoAdopter",
    "NoAdoption",
]
