def new():
    value = load()
    return value


def one():
    value = load()
    return value


def two():
    value = load()
    value += 1
    return value


