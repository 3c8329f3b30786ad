def one():
    value = load()
    return value


def two():
    value = load()
    return value


