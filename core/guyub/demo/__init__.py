"""The demonstration: the region Jawa Tengah with the month that Guyub starts from; every person in it is invented."""
