from django.urls import path

from webhooks.views import webhook

urlpatterns = [path("webhooks/pocketbook", webhook)]
