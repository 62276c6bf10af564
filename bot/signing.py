"""The desk's own signature, under the anchors of its record: Ed25519, with a key in a file."""
# ruff: noqa: PLC0415 - the library is loaded by whoever signs or looks at a signature

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import DeskError
from bot.services.cases.anchoring import Anchoring
from bot.store.anchors import AnchorFile

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from config.settings import Settings


class KeyUnusable(DeskError):
    """The file with the key cannot be read, or is no such key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs with the key in a file, which is read each time, so that it may be replaced meanwhile.

    One that `makes` its key does so where there is none.
    """

    path: Path
    makes: bool = False

    def public(self) -> str:
        """Return the public key, in hex.

        Raises:
            KeyUnusable: There is none.
        """
        if self.makes and not self.path.exists():
            self._make()
        return self._key().public_key().public_bytes_raw().hex()

    def sign(self, what: bytes) -> str:
        """Return the signature, in hex.

        Raises:
            KeyUnusable: There is no key to sign with.
        """
        return self._key().sign(what).hex()

    def _make(self) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        text = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            made = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "wb") as file:
                file.write(text)
        except OSError as error:
            raise KeyUnusable(
                f"{self.path} cannot be made, so the record's daily anchor is not signed: "
                f"{error.strerror}."
            ) from error

    def _key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        try:
            key = serialization.load_pem_private_key(self.path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyUnusable(
                f"{self.path} cannot be read as a key: {type(error).__name__}."
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyUnusable(f"{self.path} is a key of another kind; an Ed25519 one is needed.")
        return key


def anchoring_of(settings: "Settings") -> Anchoring:
    """Return where a desk's anchors are kept, and who signs them."""
    anchor, database = settings.anchor, settings.database
    signer = Signer(path=anchor.key_of(database), makes=anchor.key_path is None)
    return Anchoring(
        file=AnchorFile(anchor.file_of(database)),
        public=signer.public,
        sign=signer.sign,
        tells_editors=anchor.to_editors and settings.discord.editors_channel_id is not None,
    )


def is_signed(what: bytes, signature: str, public: str) -> bool:
    """Whether a signature of something is by the holder of a public key; both are in hex."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), what)
    except (InvalidSignature, ValueError):
        return False
    return True
