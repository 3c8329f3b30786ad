"""A limit for what visitors upload."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUploads(FileUploadHandler):
    """Refuses a form that is larger than ``MAX_UPLOAD_SIZE`` bytes before any of it is read."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803  (Django's name)
        if content_length > settings.MAX_UPLOAD_SIZE > 0:
            raise RequestDataTooBig("The form is larger than MAX_UPLOAD_SIZE.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
