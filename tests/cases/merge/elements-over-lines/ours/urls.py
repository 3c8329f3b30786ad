urlpatterns = [
    re_path(
        r"^b/",
        b.urls,
    ),
]
