"""Parts of every page: layout, components, forms made from models, static files."""
