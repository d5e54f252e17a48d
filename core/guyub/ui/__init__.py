"""What every page is made of: layout, components, forms made from models, static files."""
