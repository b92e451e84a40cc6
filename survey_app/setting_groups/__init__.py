"""Groups of settings: what each holds and which values it refuses; survey_app/settings.py joins them."""
