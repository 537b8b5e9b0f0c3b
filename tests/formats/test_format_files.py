import bz2
import gzip
import io
import json
import lzma
import os
import re
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import py7zr
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from store_samples import most_file_size
from threadwise.config import Settings
from threadwise.corpus.formats import cut_zip
from threadwise.corpus.formats.encoding import decode
from threadwise.corpus.formats.files import read_path
from threadwise.corpus.formats.progress import Gauges, Step
from threadwise.corpus.formats.source import Remark, Report
from threadwise.corpus.formats.zstd import Zstd
from threadwise.errors import FormatError

LINE = b'{"id":"%s","title":"t","posts":[{"id":"1","text":"q"}]}\n'
Pack = Callable[[dict[str, bytes]], bytes]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sevened(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


ARCHIVES = (
    pytest.param(zipped, id="zip"),
    pytest.param(tarred, id="tar"),
    pytest.param(sevened, id="7z"),
    pytest.param(lambda files: gzip.compress(tarred(files)), id="tar.gz"),
    pytest.param(lambda files: zstandard.compress(tarred(files)), id="tar.zst"),
)


def ids(path: Path, report: Report | None = None, **settings: object) -> list[str]:
    return [thread.id for thread in read_path(path, Settings(home=path.parent, **settings), report or Report())]


def rejected(report: Report) -> list[tuple[str, str]]:
    return [(Path(each.where).name, each.why) for each in report.rejected]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, bz2.compress, lzma.compress, bytes])
def test_a_packed_file_is_read_whatever_its_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "export.dat").write_bytes(pack(LINE % b"a" + LINE % b"b"))

    assert ids(tmp_path / "export.dat") == ["a", "b"]


@pytest.mark.parametrize("pack", ARCHIVES)
def test_an_archive_is_read_member_by_member(tmp_path: Path, pack: Pack) -> None:
    inner = zipped({"deep/c.jsonl": LINE % b"c"})
    files = {"b.jsonl": LINE % b"b", "x/a.jsonl.gz": gzip.compress(LINE % b"a"), "in.zip": inner, ".DS_Store": b"\0"}
    (tmp_path / "export").write_bytes(pack(files))
    report = Report()

    assert ids(tmp_path / "export", report) == ["b", "c", "a"]
    assert report.rejects == 0


@pytest.mark.parametrize("pack", ARCHIVES[:2])
def test_names_that_lead_out_of_an_archive_are_left_out(tmp_path: Path, pack: Pack) -> None:
    files = {"../evil.jsonl": LINE % b"a", "/tmp/evil.jsonl": LINE % b"b", "good.jsonl": LINE % b"c"}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "export").write_bytes(pack(files))
    report = Report()

    assert ids(tmp_path / "in" / "export", report) == ["c"]
    assert [why for _, why in rejected(report)] == ["Its name leads out of the archive, so it was left out."] * 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["export", "in"]


def test_links_in_archives_and_folders_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.jsonl").write_bytes(LINE % b"secret")
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    with tarfile.open(folder / "a.tar", "w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    report = Report()

    assert ids(folder, report) == []
    assert rejected(report) == [
        ("link", "It is a link or a device, not a file; links are not followed."),
        ("link.jsonl", "It is a symbolic link; links are not followed."),
        ("loop", "It is a symbolic link; links are not followed."),
        ("pipe", "It is no regular file."),
    ]


@pytest.mark.parametrize("pack", [*ARCHIVES[:1], *ARCHIVES[2:]])
def test_a_bomb_is_refused_while_it_grows(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "bomb").write_bytes(pack({"a.jsonl": b" " * 2**25}))
    (tmp_path / "good.jsonl").write_bytes(LINE % b"a")
    report = Report()

    assert ids(tmp_path, report) == ["a"]
    assert "times its size, as archive bombs do" in report.rejected[0].why


@pytest.mark.slow
def test_a_packed_file_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(LINE % b"a" + b"\n" * 2**25))
    report = Report()

    ids(tmp_path / "bomb.gz", report)

    assert "times its size, as archive bombs do" in report.rejected[0].why


def test_every_limit_is_a_setting(tmp_path: Path) -> None:
    files = {f"{number}.jsonl": LINE % str(number).encode() + os.urandom(2**20) for number in range(4)}
    (tmp_path / "a.zip").write_bytes(zipped(files))
    nested = zipped({"in.zip": zipped({"a.jsonl": LINE % b"a"})})
    (tmp_path / "nested.zip").write_bytes(nested)

    def why(name: str, **settings: object) -> str:
        report = Report()
        ids(tmp_path / name, report, **settings)
        return report.rejected[0].why

    assert "more than 3 files" in why("a.zip", import_max_files=3)
    assert "more than 2 MB were unpacked" in why("a.zip", import_max_total_mb=2)
    assert "unpacks to more than 1 MB" in why("a.zip", import_max_file_mb=1)
    assert "more than 1 deep" in why("nested.zip", import_max_depth=1)
    assert ids(tmp_path / "nested.zip", import_max_depth=2) == ["a"]


@pytest.mark.parametrize("pack", ARCHIVES)
def test_a_damaged_archive_is_reported_and_the_rest_goes_in(tmp_path: Path, pack: Pack) -> None:
    data = pack({"a.jsonl": LINE % b"x" + os.urandom(50_000)})
    (tmp_path / "bad").write_bytes(data[: len(data) // 2])
    (tmp_path / "good.jsonl").write_bytes(LINE % b"a")
    report = Report()

    assert ids(tmp_path, report) == ["a"]
    assert report.rejects >= 1
    assert all("bad" in each.where for each in report.rejected)


@pytest.mark.parametrize("pack", ARCHIVES)
def test_a_full_disk_is_not_taken_for_a_damaged_archive(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "export").write_bytes(pack({"large.jsonl": LINE % b"a" * 40_000}))
    report = Report()

    with most_file_size(1_000_000):
        assert ids(tmp_path / "export", report) == []

    [(_, why)] = rejected(report)
    assert "cannot be unpacked to" in why


def streamed(files: dict[str, bytes]) -> bytes:
    """A .zip archive as it is written to a pipe: sizes and checksums come after the members."""
    out = io.BytesIO()

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            return out.write(data)

    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def stored(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


CUT = (
    pytest.param(zipped, id="zip"),
    pytest.param(streamed, id="zip-streamed"),
    pytest.param(stored, id="zip-stored"),
    pytest.param(tarred, id="tar"),
    pytest.param(lambda files: gzip.compress(tarred(files)), id="tar.gz"),
    pytest.param(lambda files: lzma.compress(tarred(files)), id="tar.xz"),
)


@pytest.mark.parametrize("pack", CUT)
def test_of_an_archive_that_is_cut_short_the_whole_files_go_in(tmp_path: Path, pack: Pack) -> None:
    files = {
        name: json.dumps({"id": name, "posts": [{"id": "1", "text": os.urandom(4_000).hex()}]}).encode()
        for name in "abcdefgh"
    }
    packed = pack(files)
    (tmp_path / "cut").write_bytes(packed[: len(packed) * 6 // 10])
    report = Report()

    taken = ids(tmp_path / "cut", report)

    assert taken == list("abcdefgh")[: len(taken)]
    assert 3 <= len(taken) <= 4
    [cut] = report.rejected
    assert cut.where == str(tmp_path / "cut")
    assert re.search("damaged|cut short", cut.why)
    assert cut.why.endswith(f"The {len(taken)} files before that went in.")


def test_a_tar_archive_that_breaks_off_between_two_files_does_not_pass_for_whole(tmp_path: Path) -> None:
    packed = tarred({"a.jsonl": LINE % b"a", "b.jsonl": LINE % b"b"})  # a header and a block each
    (tmp_path / "cut.tar").write_bytes(packed[:1024])
    report = Report()

    assert ids(tmp_path / "cut.tar", report) == ["a"]
    assert rejected(report) == [
        ("cut.tar", f"{tmp_path}/cut.tar is a .tar archive that is cut short or damaged; get it once more. "
                    "The file before that went in."),
    ]  # fmt: skip


def test_a_tar_archive_with_a_damaged_header_does_not_pass_for_whole(tmp_path: Path) -> None:
    packed = bytearray(tarred({name: LINE % name.encode() for name in "abc"}))
    packed[1024 + 150] ^= 1  # in the checksum of the second header
    (tmp_path / "bad.tar").write_bytes(packed)
    report = Report()

    assert ids(tmp_path / "bad.tar", report) == ["a"]
    [bad] = report.rejected
    assert bad.why.endswith("cut short or damaged; get it once more. The file before that went in.")


def test_one_damaged_file_of_a_zip_archive_leaves_the_others(tmp_path: Path) -> None:
    packed = bytearray(stored({name: LINE % name.encode() for name in "abc"}))
    packed[packed.index(b'"id":"b"') + 6] = ord("x")
    (tmp_path / "one.zip").write_bytes(packed)
    report = Report()

    assert ids(tmp_path / "one.zip", report) == ["a", "c"]
    assert [(each.where.rpartition("/")[2], each.why) for each in report.rejected] == [
        ("b", "It is damaged (Bad CRC-32 for file 'b').")
    ]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.data())
def test_a_cut_zip_gives_whole_members_and_never_another_byte(contents: list[bytes], data: st.DataObject) -> None:
    files = {f"{number}": content for number, content in enumerate(contents)}
    packed = data.draw(st.sampled_from([zipped, streamed, stored]))(files)
    cut = packed[: data.draw(st.integers(0, packed.rindex(b"PK\x05\x06")))]
    found: dict[str, bytes] = {}
    with suppress(EOFError):
        for member, blocks in cut_zip.members(io.BytesIO(cut)):
            found[member.name] = b"".join(blocks)

    assert found == {name: files[name] for name in list(files)[: len(found)]}


def test_a_line_that_is_too_long_is_left_out_and_the_next_go_in(tmp_path: Path) -> None:
    lines = LINE % b"a" + LINE % (b"x" * 3_000_000) + LINE % b"b"
    (tmp_path / "long.jsonl").write_bytes(lines)
    report = Report()

    assert ids(tmp_path / "long.jsonl", report, max_file_mb=1) == ["a", "b"]
    assert [(each.where.rpartition("/")[2], each.why) for each in report.rejected] == [
        ("long.jsonl:2", "The line is longer than 1 MB; THREADWISE_MAX_FILE_MB raises the limit.")
    ]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_of_a_small_file_that_is_cut_short_the_threads_before_the_cut_go_in(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """Its bytes are random, so that half of them packed are about half of them unpacked."""
    posts = [json.dumps({"id": str(n), "posts": [{"id": "1", "text": os.urandom(500).hex()}]}) for n in range(8)]
    packed = pack("\n".join(posts).encode())
    (tmp_path / "cut.jsonl").write_bytes(packed[: len(packed) * 6 // 10])
    report = Report()

    taken = ids(tmp_path / "cut.jsonl", report)

    assert taken == [str(n) for n in range(len(taken))]
    assert 3 <= len(taken) <= 4
    [cut] = report.rejected
    assert "cut.jsonl is damaged or cut short after" in cut.why
    assert cut.why.endswith(f"The {len(taken)} threads before that went in.")


def test_a_zst_file_that_breaks_off_between_two_threads_does_not_pass_for_whole(tmp_path: Path) -> None:
    frames = [zstandard.compress(LINE % name) for name in (b"a", b"b", b"c")]
    (tmp_path / "whole.zst").write_bytes(b"".join(frames))
    (tmp_path / "cut.zst").write_bytes(frames[0] + frames[1] + frames[2][:6])
    report = Report()

    assert ids(tmp_path / "whole.zst", report) == ["a", "b", "c"]
    assert report.rejects == 0
    assert ids(tmp_path / "cut.zst", report) == ["a", "b"]
    assert [each.why.partition("cut.zst ")[2] for each in report.rejected] == [
        "is damaged or cut short after 110 bytes (the compressed data breaks off). The 2 threads before that went in."
    ]


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 400))
def test_frames_of_zst_are_read_back_whole_in_pieces_of_any_size(texts: list[bytes], size: int) -> None:
    stream = Zstd(io.BytesIO(b"".join(zstandard.compress(text) for text in texts)))
    pieces = list(iter(lambda: stream.read1(size), b""))

    assert b"".join(pieces) == b"".join(texts)
    assert all(len(piece) <= size for piece in pieces)


def test_what_cannot_be_read_is_told_apart(tmp_path: Path) -> None:
    for name, data in {
        "empty.txt": b"",
        "blank.txt": b" \n\n",
        "half.json": b'{"id": "a", "posts": [',
        "other.json": b'{"foo": 1}',
        "page.html": b"<!DOCTYPE html><html><body>unknown software</body></html>",
        "dump.sql": b"-- MySQL dump 10.13\n\nCREATE TABLE `posts` (id int);\nINSERT INTO `posts` VALUES (1,'hello');\n",
        "other.xml": b"<?xml version='1.0'?><catalog/>",
        "picture.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        "program": b"\x7fELF\x02\x01\x01\x00\x00",
        "report.docx": zipped({"[Content_Types].xml": b"<x/>"}),
        "locked.rar": b"Rar!\x1a\x07\x00",
    }.items():
        (tmp_path / name).write_bytes(data)
    report = Report()

    assert ids(tmp_path, report) == []
    told = {name.split(":")[0]: why for name, why in rejected(report)}
    assert told["empty.txt"] == told["blank.txt"] == "The file is empty."
    assert "breaks off" in told["half.json"]
    assert "has no `posts`" in told["other.json"]
    assert "an HTML page, but not of phpBB 3" in told["page.html"]
    assert "a dump of a database (SQL). Load it into its database and export" in told["dump.sql"]
    assert "in no known format" in told["other.xml"]
    assert "a JPEG image" in told["picture.jpg"]
    assert "a program" in told["program"]
    assert "an Office document" in told["report.docx"]
    assert "a RAR archive; repack it" in told["locked.rar"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"nowhere\.jsonl does not exist\. Check the spelling\."):
        read_path(tmp_path / "nowhere.jsonl", Settings(home=tmp_path), Report())


def test_a_folder_is_read_in_the_order_of_its_names_and_counts_its_bytes(tmp_path: Path) -> None:
    for name in ("b", "a/z", "a/b", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.jsonl").write_bytes(LINE % name.encode())
    steps: list[Step] = []
    size = (tmp_path / "b.jsonl").stat().st_size
    assert (tmp_path / "a/b.jsonl").stat().st_size == size + 2

    found = [
        thread.id for thread in read_path(tmp_path, Settings(home=tmp_path), Report(), gauges=Gauges(steps.append))
    ]

    assert found == ["a/b", "a/z", "b", "c"]
    assert steps[:4] == [Step("Looking at the files", "files", n, 4) for n in (1, 2, 3, 4)]
    assert steps[4:] == [
        Step("Reading", "bytes", n, 4 * size + 4) for n in (size + 2, 2 * size + 4, 3 * size + 4, 4 * size + 4)
    ]


def test_a_folder_and_an_archive_with_nothing_in_them_say_so(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("folder/", b"")
    for name in ("folder", "a.zip"):
        report = Report()
        assert ids(tmp_path / name, report) == []
        assert report.rejected == [Remark(str(tmp_path / name), "There is nothing in it to read.")]


@pytest.mark.parametrize("data", [b"[" * 20_000 + b"]" * 20_000, b"--- ... !!!\n"])
def test_signs_without_a_word_are_no_thread(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.json").write_bytes(data)
    report = Report()
    assert ids(tmp_path, report) == []
    assert [each.why for each in report.rejected] == ["There are no words in it."]


def test_what_describes_an_export_is_not_taken_for_a_thread(tmp_path: Path) -> None:
    (tmp_path / "Posts.xml").write_text(
        '<posts>\n  <row Id="1" PostTypeId="1" Title="t" Body="b" CreationDate="2020-01-01" />\n</posts>'
    )
    (tmp_path / "LICENSE").write_text("Do as you like.")
    (tmp_path / "notes.txt").write_text("From the archive.")
    report = Report()

    assert ids(tmp_path, report) == ["1"]
    assert [Path(each.where).name for each in report.warned][:2] == ["LICENSE", "notes.txt"]
    assert ids(tmp_path / "notes.txt") == ["notes"]


def test_a_dump_inside_a_7z_archive_is_one_source_and_names_its_site(tmp_path: Path) -> None:
    posts = b'<posts>\n  <row Id="1" PostTypeId="1" Title="t" Body="b" OwnerUserId="3" />\n</posts>'
    users = b'<users>\n  <row Id="3" DisplayName="Mo" />\n</users>'
    (tmp_path / "bicycles.stackexchange.com.7z").write_bytes(sevened({"Posts.xml": posts, "Users.xml": users}))

    [thread] = read_path(tmp_path / "bicycles.stackexchange.com.7z", Settings(home=tmp_path), Report())

    assert (thread.id, thread.question.author) == ("bicycles-1", "Mo")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("utf-8", "Rücken – „weh“ 😀"),
        ("utf-8-sig", "Rücken"),
        ("utf-16", "Rücken 😀"),
        ("utf-16-le", "My back is sore, Rücken"),
        ("utf-16-be", "My back is sore, Rücken"),
        ("utf-32", "Rücken"),
        ("cp1252", "Mir tut der Rücken weh – „sehr“"),
        ("latin-1", "Après la course à pied, j'ai mal au dos"),
        ("cp1251", "Привет, уже две недели болит спина после бега. Кто-нибудь сталкивался с этим?"),
        ("koi8-r", "Привет, уже две недели болит спина после бега. " * 8),
        ("shift_jis", "こんにちは。走った後に腰が痛くなります。ストレッチをしましたが、効果がありません。"),
        ("cp1250", "Cześć, od dwóch tygodni bolą mnie plecy po bieganiu. Próbowałem już rozciągania, nie pomogło."),
    ],
)
def test_encodings_are_found(name: str, text: str) -> None:
    assert decode(text.encode(name), "x") == text


def test_bytes_that_are_no_text_are_refused_by_kind() -> None:
    with pytest.raises(FormatError, match="x is a PNG image, not text"):
        decode(b"\x89PNG\r\n\x1a\n\0\0", "x")
    with pytest.raises(FormatError, match="x is binary, not text"):
        decode(bytes(range(32)) * 20, "x")
