"""The stock low-code reader: the same CDK, a manifest with nothing but its own components."""

import sys
from pathlib import Path

import yaml
from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

args = sys.argv[1:]
catalog, config = AirbyteEntrypoint.extract_catalog(args), AirbyteEntrypoint.extract_config(args)
source = ConcurrentDeclarativeSource(
    catalog=ConcurrentDeclarativeSource.read_catalog(catalog) if catalog else None,
    config=ConcurrentDeclarativeSource.read_config(config) if config else None,
    state=None,
    source_config=yaml.safe_load(Path(__file__).with_name("stock_lowcode.yaml").read_text("utf-8")),
)
launch(source, args)
