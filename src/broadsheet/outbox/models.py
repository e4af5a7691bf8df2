"""The table of recorded events."""

from django.db import models
from django.utils import timezone


class OutboxEvent(models.Model):
    """One event, its delivery so far, and when it is tried next. `next_attempt_at` empty: done, or given up."""

    kind = models.CharField(max_length=64)
    payload = models.JSONField()
    recorded_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    handlers_done = models.JSONField(default=list)
    last_error = models.TextField(blank=True)

    class Meta:
        db_table = "outbox_event"
        indexes = [
            models.Index("next_attempt_at", "id", name="outbox_due", condition=models.Q(next_attempt_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
