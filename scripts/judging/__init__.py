"""The rooms of scripts/judge: what is painted, measured, compared and shown."""
