"""riskreview: news about AI vendors, worked to a decision two people stand behind."""

from riskreview.celery import app as celery_app

__all__ = ["celery_app"]
