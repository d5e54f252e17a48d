"""The pages of the funds: each module parses, calls a service and answers."""
