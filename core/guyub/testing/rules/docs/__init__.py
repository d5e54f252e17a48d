"""Documentation that comes with the plugin."""
