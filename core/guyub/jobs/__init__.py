"""Events, which are kept in the outbox and delivered by a worker after the commit."""
