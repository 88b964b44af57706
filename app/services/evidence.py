"""Photos and signatures: kept with the blob that the store already holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.ids import new_id
from app.models.documents import Blob
from app.models.evidence import Photo, Signature
from app.ports import StoredBlob


def keep_blob(session: Session, blob: StoredBlob, *, now: datetime) -> None:
    """Enter stored bytes in the list of blobs, once."""
    if session.get(Blob, blob.digest) is None:
        session.add(Blob(digest=blob.digest, sha256=blob.sha256, size=blob.size, created_at=now))
        session.flush()


def add_photo(
    session: Session,
    actor: Actor,
    holder_kind: str,
    holder_id: int,
    moment: str,
    image: StoredBlob,
    thumbnail: StoredBlob,
    *,
    caption: str = "",
    now: datetime,
) -> int:
    """Put a photo to a thing and return its id; `moment` is before, after or damage."""
    for blob in (image, thumbnail):
        keep_blob(session, blob, now=now)
    photo = Photo(
        id=new_id(),
        holder_kind=holder_kind,
        holder_id=holder_id,
        moment=moment,
        image_digest=image.digest,
        thumbnail_digest=thumbnail.digest,
        caption=caption.strip()[:120],
        taken_by=actor.account_id,
        taken_at=now,
    )
    session.add(photo)
    session.flush()
    return photo.id


def add_signature(
    session: Session,
    actor: Actor,
    holder_kind: str,
    holder_id: int,
    moment: str,
    signer: str,
    image: StoredBlob | None,
    *,
    now: datetime,
) -> int:
    """Keep a signature drawn on a screen; without an image, the word of `actor` that the printed sheet was signed."""
    if image is not None:
        keep_blob(session, image, now=now)
    signature = Signature(
        id=new_id(),
        holder_kind=holder_kind,
        holder_id=holder_id,
        moment=moment,
        signer=signer.strip()[:60],
        means="drawn" if image is not None else "paper",
        image_digest=image.digest if image is not None else None,
        taken_by=actor.account_id,
        taken_at=now,
    )
    session.add(signature)
    session.flush()
    return signature.id
