"""The pages of the programmes: each module parses, calls a service and answers."""
