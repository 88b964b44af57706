"""What the portal asks of the outside world, as small interfaces.

Services and jobs know only these; `create_app` chooses the adapters. Every adapter of a port passes the
same contract tests (`tests/adapters`). Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

# --- files -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that the store has made durable.

    `digest` is the keyed content address (hex, HMAC-SHA256 under an instance key, so that a listing of
    the disk proves nothing about its contents); `sha256` is the plain fixity value (hex); `size` in bytes.
    """

    digest: str
    sha256: str
    size: int


class FileStore(Protocol):
    """Encrypted, content-addressed bytes; each blob under a key of its own."""

    def put(self, source: BinaryIO, *, limit: int | None = None) -> StoredBlob:
        """Keep all of `source`; when this returns, a power cut can no longer lose it.

        Raises `FileTooLarge` past `limit` bytes, `StorageFull` below the free-space floor.
        """

    def open(self, digest: str) -> Iterator[bytes]:
        """Yield the plain bytes in pieces; raises `BlobMissing` or `BlobDamaged`."""

    def read(self, digest: str) -> bytes:
        """Return the plain bytes at once; raises `BlobMissing` or `BlobDamaged`."""

    def delete(self, digest: str) -> None:
        """Forget the bytes for good (the key goes first); deleting twice is no error."""

    def has_room(self) -> bool:
        """Say whether the disk is above the free-space floor."""

    def sweep(self, *, now: datetime) -> int:
        """Remove what broken-off puts left behind, and return how many pieces that were."""


class StorageFault(Exception):
    """Base of what a file store can raise."""


class FileTooLarge(StorageFault):
    """The source is longer than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class StorageFull(StorageFault):
    """The disk is at its floor: nothing was kept, reading goes on."""


class BlobMissing(StorageFault):
    """No blob under this digest."""


class BlobDamaged(StorageFault):
    """The bytes do not authenticate under their key."""


# --- page images -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file really is, found out in a sandbox: media type and number of pages (frames)."""

    media_type: str  # application/pdf, application/ofd, image/jpeg, image/png, image/tiff, image/heic
    pages: int


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One page as an image people may be shown: re-encoded, without anything the sender put in."""

    number: int  # from 1
    width: int  # pixels
    height: int
    image: bytes  # JPEG
    thumbnail: bytes  # JPEG, longest side 240 px
    text: str  # the text layer of a PDF page, otherwise empty
    is_digital: bool = False  # it was never on paper: pictures cover less than half of a PDF page
    lines: tuple[TextLine, ...] = ()  # the same text line by line, where its places are known


class RefusedFile(Exception):
    """The file cannot be accepted; `reason` is one of the codes below, `detail` a number or a type.

    empty · unknown_type · damaged · encrypted · too_many_pages · too_many_pixels · too_costly · too_many_files
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class ImageTool(Protocol):
    """Looks into files of strangers; every call runs in a short-lived process of its own."""

    def examine(self, data: bytes) -> Examined:
        """Tell type and pages by content, never by name; raises `RefusedFile`."""

    def render(self, data: bytes) -> Iterator[RenderedPage]:
        """Yield every page in order; raises `RefusedFile`."""

    def unpack(self, data: bytes) -> Iterator[PackedFile]:
        """Yield the files of a ZIP in the order of their names, folders dropped; raises `RefusedFile`."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file that came in a ZIP: its name without folders, its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a photograph or a scan; `value` says how much, in the unit of its code.

    blurred · glare · dark · small · cut · blank · sideways · skewed · border · noisy
    """

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class RestoredPage:
    """A page made easy to read for people; text, seals and notes are all still on it."""

    image: bytes  # JPEG
    thumbnail: bytes  # JPEG, longest side 240 px
    width: int
    height: int
    turned: int  # degrees clockwise that the page was turned: 0, 90, 180 or 270
    skew: float  # degrees by which it lay askew and was put straight
    blank: bool
    flaws: tuple[Flaw, ...]  # of the page as it came
    # Where places of the page, turned, stand on the image: a 3×3 matrix, row by row, on thousandths; none is unknown.
    way: tuple[float, ...] = ()


class PageFailed(Exception):
    """Nothing could be done with this page; `reason`: damaged, too_large, too_costly, died."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PageTool(Protocol):
    """Works on page images that are the portal's own: drawn in the sandbox, read from the store."""

    def restore(self, images: Iterable[bytes], *, is_upright: bool = False) -> Iterator[RestoredPage | PageFailed]:
        """Yield for each image, in order, what people are shown of it, or why there is none.

        Those that a person has put upright (`is_upright`) are turned no further.
        """

    def judge(self, image: bytes) -> tuple[Flaw, ...]:
        """Tell what is wrong with a photograph, worst first; quick enough for a request. Raises `PageFailed`."""

    def turn(self, image: bytes, degrees: int) -> bytes:
        """Return the JPEG turned clockwise by 90, 180 or 270 degrees; raises `PageFailed`."""

    def thumbnail(self, image: bytes) -> bytes:
        """Return a JPEG whose longest side is 240 px; raises `PageFailed`."""

    def assemble(self, images: Sequence[bytes]) -> bytes:
        """Return a PDF with a page for each JPEG, none encoded again; raises `PageFailed`."""


# --- reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text found on a page: where, in thousandths of its width and height, and how sure (0..1)."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    score: float


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read on a page, lines in reading order; `reader` names the engine and its models."""

    lines: tuple[TextLine, ...]
    reader: str

    @property
    def text(self) -> str:
        """The words, a line each."""
        return "\n".join(line.text for line in self.lines)

    @property
    def score(self) -> float:
        """How sure the reader is of the whole, weighted by characters; 0 where nothing was read."""
        count = sum(len(line.text) for line in self.lines)
        return sum(line.score * len(line.text) for line in self.lines) / count if count else 0.0


class TextReader(Protocol):
    """Reads Chinese text off page images, offline."""

    def read(self, images: Iterable[bytes]) -> Iterator[PageText | PageFailed]:
        """Yield for each image, in order, what stands on it, or why it could not be read; several at once inside."""


class TextSorter(Protocol):
    """Learns from texts that people sorted to which label a text belongs."""

    def train(self, texts: Sequence[str], labels: Sequence[str]) -> bytes:
        """Return a model; raises `ValueError` with fewer than two labels."""

    def rank(self, model: bytes, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return for each text the labels, likeliest first, with how sure (0..1); raises `ValueError` for no model."""


@dataclass(frozen=True, slots=True)
class PageMark:
    """What is burnt into a page: short lines that stand all over it, and one line at its foot."""

    lines: tuple[str, ...]
    foot: str


class MarkFailed(Exception):
    """The mark could not be burnt in; the page must not be shown without it. `reason`: damaged, too_large, no_font."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PageMarker(Protocol):
    """Burns a mark into a page image of the store; what comes out holds it in its pixels."""

    def burn(self, image: bytes, mark: PageMark) -> bytes:
        """Return a JPEG of the same size with the mark in it; raises `MarkFailed`."""


# --- search ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One thing as the index sees it; nothing of it is shown from the index but its `key`."""

    key: str  # "customer-123"
    kind: str  # customer | policy | claim | document | consultation | case
    title: str  # names and titles: single characters and bigrams
    numbers: Sequence[str]  # identifiers, found whole
    body: str  # long text: single characters and bigrams
    branch_id: int
    agent_id: int | None
    level: int  # 1..4, see domain.levels
    newest: int  # sort value, larger first: days since 1970-01-01
    registrar_id: int | None = None  # whose own it is as well, who wrote it down


@dataclass(frozen=True, slots=True)
class ScopeClause:
    """One part of what an actor may find; clauses are OR-ed. `None` means without limit.

    `without` are keys that the clause never finds nor counts, whatever else it says: what the actor is barred from.
    """

    kinds: frozenset[str]
    branches: frozenset[int] | None
    agent_id: int | None
    max_level: int
    registrar_id: int | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hits:
    """Candidates, best first; the database has the last word on each."""

    keys: Sequence[str]
    total: int
    by_kind: Mapping[str, int] = field(default_factory=dict)


class IndexUnavailable(Exception):
    """There is no usable index now; the portal goes on without."""


class IndexBusy(IndexUnavailable):
    """Another writer is at work; the index itself is well. Try again later."""


class SearchIndex(Protocol):
    """A disposable copy of the catalogue for finding candidates; exactly one writer."""

    def search(
        self,
        text: str,
        scope: Sequence[ScopeClause],
        *,
        kinds: frozenset[str] | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> Hits:
        """Find entries that contain every part of `text`, inside `scope`; raises `IndexUnavailable`."""

    def apply(self, entries: Sequence[SearchEntry], gone: Sequence[str]) -> None:
        """Insert or replace `entries` and drop the keys in `gone`, in one durable commit; idempotent."""

    def rebuild(self, entries: Iterable[SearchEntry]) -> int:
        """Build a new index beside the old one, swap them, return how many entries it holds."""


# --- print -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register: heading, share of the width in per cent, alignment."""

    heading: str
    width: float
    align: str = "left"  # left | center | right


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register as it stands on paper; all texts are plain text, already masked."""

    title: str  # 归档文件目录
    fonds: str  # 全宗名称, page head left
    filters: Sequence[str]  # "机构：城东支公司", printed under the title
    columns: Sequence[Column]
    signatures: Sequence[str]  # 制表人, 审核人, 日期 …
    watermark: str  # who, when, number of the export
    made_by: str
    made_on: str  # 2026年11月22日
    paper: str = "A4"  # or A3; always landscape
    copy_mark: str = ""  # 正本（移交方存）: which of several copies this is
    head: Sequence[str] = ()  # lines over the table, as 交接文据 has them
    foot: Sequence[str] = ()  # lines under it
    signed: Sequence[str] = ()  # what stands in the fields for signatures already, in their order


@dataclass(frozen=True, slots=True)
class Label:
    """A label that is stuck on a thing: `code` in bars and as QR code (ASCII), `title` large, `lines` small under it."""

    code: str  # B-1Y2P0IJ32E8E-7
    title: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SurveySlip:
    """A slip that asks a customer 回访纸条: nothing on it tells of him."""

    title: str
    greeting: str
    address: str  # behind the QR code
    number: str
    until: str  # 2026年12月22日
    unit: str


@dataclass(frozen=True, slots=True)
class Spine:
    """The spine of a box 盒脊: what DA/T 22 wants on it, and the code of its label."""

    width_mm: int
    fonds: str  # 全宗号
    year: str
    period: str
    items: str  # 起止件号
    number: str  # 盒号
    branch: str  # 机构
    code: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The filing stamp 归档章 of DA/T 22 in two rows of three cells; what may stay empty is ''."""

    fonds: str  # 全宗号
    year: str
    item: str  # 件号
    unit: str  # 机构（问题）
    period: str  # 保管期限
    pages: str  # 页数
    code: str  # of the item's label, small under the stamp: D-1Y2P0IJ32E8E-7


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A numbered part of a letter: its heading, and its paragraphs."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Letter:
    """An official letter 告知书 with its seal place and, under a line to cut, the receipt 送达回证; plain text."""

    unit: str  # who writes: the letterhead and the place of the seal
    title: str
    number: str
    addressee: str
    opening: Sequence[str]
    facts: Sequence[tuple[str, str]]  # parties and numbers
    parts: Sequence[LetterPart]
    dated: str  # 2026年11月22日
    contact: str
    receipt: Sequence[tuple[str, str]]  # what the receipt says already; empty: no receipt


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table of a case's sheet, as its course; `widths` are shares of the paper."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A register sheet 登记表 of one case on A4: rows of one or two labelled fields, then tables."""

    unit: str
    title: str
    number: str
    rows: Sequence[Sequence[tuple[str, str]]]
    tables: Sequence[SheetTable]
    made_on: str


class PrintStopped(Exception):
    """Printing ended because it was cancelled."""


class PrintFailed(Exception):
    """Printing ended by itself: `too_costly` (past its time or memory) or `died`; `detail` tells which limit."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CopySheet:
    """What stands at the foot of every page of a certified copy; all texts are plain text."""

    statement: str  # 此复印件与原件无异
    purpose: str  # 此件仅供…使用
    number: str  # FY2026-000123
    archive_number: str
    unit: str
    made_on: str  # 2026年11月22日
    address: str  # of the QR code


@dataclass(frozen=True, slots=True)
class CopyPage:
    """A page that is copied: its number in the document, its image (JPEG) and the size of that."""

    number: int
    width: int
    height: int
    image: bytes


class PdfPrinter(Protocol):
    """Prints trusted templates with untrusted text; fetches nothing."""

    def print_copy(self, sheet: CopySheet, pages: Sequence[CopyPage], *, wanted: Callable[[], bool]) -> bytes:
        """Return a PDF with a sheet for each page, its image above the foot; raises `PrintFailed`.

        `wanted()` is asked about every second; when it answers False, `PrintStopped` is raised.
        """

    def print_register(
        self, sheet: RegisterSheet, rows: Iterable[Sequence[str]], *, total: int, progress: Callable[[int], bool]
    ) -> tuple[bytes, int]:
        """Return the PDF and its number of pages.

        `progress(done_rows)` is called after each chunk; when it answers False, `PrintStopped` is raised.
        """

    def print_labels(self, labels: Sequence[Label], *, skip: int = 0) -> bytes:
        """Return sheets of A4 with 3 × 8 labels; `skip` places stay free, for a sheet that was used before."""

    def print_slip(self, slip: SurveySlip) -> bytes:
        """Return a slip of A6 that asks a customer; raises `PrintFailed`."""

    def print_spines(self, spines: Sequence[Spine]) -> bytes:
        """Return sheets of A3 with spines of 310 mm to cut out."""

    def print_stamps(self, stamps: Sequence[Stamp], *, skip: int = 0) -> bytes:
        """Return sheets of A4 with 3 × 8 filing stamps to stick on; `skip` places of the first stay free."""

    def print_report(self, report: ReportSheet) -> bytes:
        """Return a report as PDF on A4; raises `PrintFailed`."""

    def print_letter(self, letter: Letter) -> tuple[bytes, int]:
        """Return an official letter of A4 pages and their number; raises `PrintFailed`."""

    def print_case(self, sheet: CaseSheet) -> tuple[bytes, int]:
        """Return the sheet of a case on A4 pages and their number; raises `PrintFailed`."""

    def join_copies(self, copies: Sequence[bytes]) -> bytes:
        """Return several printed copies of a sheet as one PDF; each keeps its own page numbers."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table on a sheet of a workbook: texts and numbers, None for an empty cell.

    `chart` draws the numbers of the second column over the texts of the first: "bar", "line" or "".
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | float | None]]
    chart: str = ""


class WorkbookWriter(Protocol):
    """Writes workbooks that a spreadsheet program opens."""

    def write(self, title: str, tables: Sequence[FigureTable]) -> bytes:
        """Return an xlsx with a sheet for each table; a text never becomes a formula."""


class UnreadableTable(Exception):
    """The file is no table; `reason`: damaged, too_large, encrypted, no_sheet."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TableReader(Protocol):
    """Reads tables that people filled in with a spreadsheet program."""

    def read(self, data: bytes, *, name: str) -> Iterator[Sequence[str]]:
        """Yield the rows of the first sheet of an xlsx, or of a CSV in UTF-8 or GB 18030; every cell as text.

        Dates come as YYYY-MM-DD, whole numbers without a point. Raises `UnreadableTable`.
        """


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A report of some pages: sections of figures, each a table with a bar for its first number."""

    title: str
    subtitle: str
    head: Sequence[tuple[str, str]]  # the figures on top: name, value
    sections: Sequence[FigureTable]
    notes: Sequence[str]
    watermark: str
    made_by: str
    made_on: str


@dataclass(frozen=True, slots=True)
class Tools:
    """The adapters that this process works with, chosen once by the composition root."""

    files: FileStore
    images: ImageTool
    marker: PageMarker
    index: SearchIndex
    printer: PdfPrinter
    workbooks: WorkbookWriter
    tables: TableReader
    pages: PageTool
    reader: TextReader
    sorter: TextSorter
