"""What a plugin's tests may import beside ``guyub.sdk``: conformance rules, sample contexts and the pytest plugin.

``guyub.testing.conformance`` runs the rules, ``guyub.testing.contexts`` makes contexts without a database. With ``guyub``
installed, pytest finds the fixtures of ``guyub.testing.pytest_plugin`` by itself.
"""
