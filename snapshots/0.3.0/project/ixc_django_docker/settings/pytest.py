"""Run the tests with pytest, also as ``manage.py test``.

The override ``test.py`` says so too; in ``BASE_SETTINGS`` this module does for overrides of your own.
"""

TEST_RUNNER = "ixc_django_docker.testing.PytestRunner"
