"""What a Secret in a cluster is called, and how it is labelled, whose values a platform seals in one place."""

from msgspec import Struct

from generator.model.sealed_place import SealedPlace


class Home(Struct, frozen=True, kw_only=True):
    """A place for sealed values, and the Secret that they become.

    Attributes:
        place: Where they are sealed.
        secret: The Secret's name.
        type: The Secret's type.
        application: The application's name.
        application_id: Its id, which names the namespace.
        microservice: The microservice's name; empty for what is the application's own.
        microservice_id: Its id; empty likewise.
        keys: The keys that the document declares there, sorted.
        plain: The variables that the document declares there with their values, which are no secrets.
    """

    place: SealedPlace
    secret: str
    type: str
    application: str
    application_id: str
    microservice: str = ""
    microservice_id: str = ""
    keys: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
