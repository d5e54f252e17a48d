"""Pages about plugins: for administrators what is installed and configured, for readers what a plugin offers them."""
