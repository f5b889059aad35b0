"""The guard before every reader of zipped office files (.docx, .xlsx, .pptx): it inflates the archive once and counts.

Bombs, floods of members, documents with a DTD (entity bombs, external files), links, odd paths, encrypted and
doubled members are refused before any parser sees a byte. Nothing is written to disk.
"""

import io
import re
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from bank.ground.errors import BadInput

# A content package holds a file for each question and each picture.
MAX_MEMBERS = 20_000
MAX_XML_BYTES = 40 * 1024 * 1024
MAX_MEMBER_BYTES = 50 * 1024 * 1024
MAX_INFLATED_BYTES = 120 * 1024 * 1024
MAX_RATIO = 100
SMALL_BYTES = 1024 * 1024
_CHUNK = 256 * 1024
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00D\x00O\x00C|\x00<\x00!\x00D\x00O", re.IGNORECASE)
_TAIL = 32
# All that `zipfile` raises for bytes that are no sound archive.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive in `data`, checked from end to end; raises BadInput naming the file when it is not safe to read."""
    archive = opened(data, name)
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BadInput(
            f"文件 {name} 内部的部件有 {len(members)} 个，超过 {MAX_MEMBERS} 个，不是正常的题库或 Office 文件"
        )
    if len({member.filename.casefold() for member in members}) < len(members):
        raise BadInput(f"文件 {name} 内部有重名的部件，请用 Office 或 WPS 打开后重新保存再试")
    for member in members:
        _check_entry(member, name)
    total = 0
    for member in members:
        total += _inflate(archive, member, name, MAX_INFLATED_BYTES - total)
    return archive


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The table of contents of an archive; nothing is checked yet, so nothing may be read."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise BadInput(f"文件 {name} 已损坏，打不开；请用 Office 或 WPS 打开后重新保存再试") from error


def _check_entry(member: zipfile.ZipInfo, name: str) -> None:
    """What the table of contents alone gives away."""
    path = member.filename
    if member.flag_bits & 0x1:
        raise BadInput(f"文件 {name} 已加密，请先取消密码再导入")
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if path.startswith(("/", "\\")) or ".." in parts or ":" in path or "\x00" in path:
        raise BadInput(f"文件 {name} 内部有异常的路径，已拒绝读取；请用 Office 或 WPS 重新保存再试")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadInput(f"文件 {name} 内部有链接，已拒绝读取；请用 Office 或 WPS 重新保存再试")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadInput(f"文件 {name} 的压缩方式不受支持，请用 Office 或 WPS 重新保存再试")


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, room: int) -> int:
    """Inflate one member, trusting no declared size; returns how many bytes came out."""
    is_xml = bool(_XML.search(member.filename))
    limit = min(room, MAX_XML_BYTES if is_xml else MAX_MEMBER_BYTES)
    size, tail = 0, b""
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit or (size > SMALL_BYTES and size > MAX_RATIO * max(member.compress_size, 1)):
                    raise BadInput(
                        f"文件 {name} 解压后过大（可能含大量空行、空段落或被人做过手脚），"
                        "请删去多余的空行空段、压缩图片或拆成几个文件再试"
                    )
                if is_xml and _DTD.search(tail + chunk):
                    raise BadInput(f"文件 {name} 内部含有外部实体声明，已拒绝读取；请用 Office 或 WPS 重新保存再试")
                tail = chunk[-_TAIL:]
    except _DAMAGED as error:
        raise BadInput(f"文件 {name} 已损坏，打不开；请用 Office 或 WPS 打开后重新保存再试") from error
    return size
