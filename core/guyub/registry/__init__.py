"""Households and their people, the inmate who links them to the facility, what they need, the care of it all."""
