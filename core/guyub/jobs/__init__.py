"""What happens after the commit: events kept in the outbox and delivered by a worker."""
