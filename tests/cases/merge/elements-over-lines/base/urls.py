urlpatterns = [
    re_path(
        r"^a/",
        a.urls,
    ),
    re_path(
        r"^b/",
        b.urls,
    ),
]
