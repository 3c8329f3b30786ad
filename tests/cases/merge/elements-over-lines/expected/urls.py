urlpatterns = [
    re_path(
        r"^b/",
        b.urls,
    ),
    re_path(
        r"^c/",
        c.urls,
    ),
]
