from django.db import models


class HandledEvent(models.Model):
    """An event that had its effect. The primary key is what makes sure that it has only one."""

    event_id = models.CharField(primary_key=True, max_length=255)
    handled_at = models.DateTimeField(auto_now_add=True)
