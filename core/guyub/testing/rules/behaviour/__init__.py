"""Behaviour: what the plugin answers, under good and bad conditions and at several facilities."""
