"""The source as a class: the manifest of this package, run by Airbyte's CDK."""

import sys
from importlib import resources
from typing import Any

from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.utils.yaml_loader import safe_load_yaml

from source_visma import components

# The manifest names its classes as Airbyte's source-declarative-manifest image does.
sys.modules["source_declarative_manifest.components"] = components

RECORDS_IN_MEMORY = 2_000


class SourceVisma(ConcurrentDeclarativeSource):
    """Visma.net ERP, as manifest.yaml and the components describe it."""

    def __init__(self, catalog: Any = None, config: Any = None, state: Any = None, **options: Any) -> None:
        manifest = safe_load_yaml(resources.files("source_visma").joinpath("manifest.yaml").read_text("utf-8"))
        super().__init__(catalog=catalog, config=config, state=state, source_config=manifest, **options)
        # The CDK's 10,000 records would be some 150 MB of invoices, when whoever reads our output is slow.
        self._concurrent_source._queue.maxsize = RECORDS_IN_MEMORY
