"""Configuration and forms: fields that explain themselves, defaults, migrations."""
