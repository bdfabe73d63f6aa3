"""Files by hand for the tests that torture reading: the smallest valid one of each format, and ways to break them.

Nothing here needs a library that writes the format (parquet excepted), nothing
is random between two runs, and no text repeats: two keys give two articles.
"""

import csv
import hashlib
import io
import json
import plistlib
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

Row = Mapping[str, object]


def _words(text: str) -> list[str]:
    """Return what stands between blanks."""
    return text.split()


_WHO = _words(
    "各级政法机关 与会代表 司法行政部门 基层调解组织 人民法庭 综治中心 法律援助机构 村居法律顾问 普法志愿者 行政复议机构 "
    "公证人员 社区民警 检察机关 执法人员 仲裁委员会 律师行业 人民陪审员 网格员队伍 信访部门 社区矫正机构"
)
_HOW = _words(
    "着力推进 持续深化 统筹抓好 全面落实 稳步开展 扎实做好 不断完善 积极探索 严格规范 加快健全 主动对接 "
    "有序组织 重点加强 逐步拓展 认真研究 联合部署 深入排查 集中整治 大力弘扬 系统谋划"
)
_WHAT = _words(
    "矛盾纠纷多元化解 公共法律服务 诉源治理 行政执法监督 法治宣传教育 未成年人保护 营商环境优化 社会面巡逻防控 "
    "案件质量评查 刑满释放人员帮教 智慧法院应用 基层依法治理 涉企合规指导 平安单位创建 重大风险评估 队伍作风建设 "
    "民生领域监督 跨部门协作配合 典型案例发布 便民窗口服务"
)
_SO = _words(
    "群众满意度明显提升 各项指标好于预期 形成了可复制的做法 取得了阶段性成效 为高质量发展提供了保障 还存在一些薄弱环节 "
    "得到了服务对象的认可 责任链条进一步压实 工作机制日益成熟 下一步将总结推广 相关制度陆续出台 试点范围继续扩大 "
    "办理周期大幅缩短 一批积案得到化解 经费保障逐年增加 信息共享初步实现 专业力量得到充实 考核办法同步修订 "
    "风险隐患及时消除 社会秩序持续向好"
)


def sentences(key: str, count: int) -> list[str]:
    """Return sentences of a key's own: no place, no date."""
    pick = random.Random(key)
    return [
        f"{pick.choice(_WHO)}{pick.choice(_HOW)}{pick.choice(_WHAT)}，共办理{pick.randint(100, 99_999)}件次，{pick.choice(_SO)}。"
        for _ in range(count)
    ]


def headline(key: str) -> str:
    """Return a title of a key's own, without place or date."""
    pick = random.Random(f"title of {key}")
    return f"{pick.choice(_WHO)}{pick.choice(_HOW)}{pick.choice(_WHAT)}"


def article(key: str, *, title: str = "", header: str = "2023年5月6日 来源：法治日报", length: int = 9) -> str:
    """Return a page as text: title, date line, three paragraphs."""
    body = sentences(key, length)
    third = max(1, length // 3)
    paragraphs = ["".join(body[:third]), "".join(body[third : 2 * third]), "".join(body[2 * third :])]
    return "\n".join([title or headline(key), *([header] if header else []), *filter(None, paragraphs)]) + "\n"


def records(key: str, count: int) -> list[dict[str, object]]:
    """Return rows of a table: title, date, text."""
    return [
        {
            "title": headline(f"{key}.{number}"),
            "date": f"2023-05-{number % 28 + 1:02d}",
            "text": "".join(sentences(f"{key}.{number}", 4)),
        }
        for number in range(1, count + 1)
    ]


# Tables


def csv_text(rows: Sequence[Row], *, delimiter: str = ",") -> str:
    """Write rows as csv."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def jsonl_text(rows: Iterable[Row]) -> str:
    """Write rows as json, a line each."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def parquet(rows: Sequence[Row]) -> bytes:
    """Write rows as parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), stream)
    return stream.getvalue()


# Zip and what is made of it


def zipped(parts: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """Put parts into a zip; the time stamps are those of 1980."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return stream.getvalue()


def zip_of_zeros(parts: Mapping[str, bytes], name: str, megabytes: int) -> bytes:
    """Put parts into a zip, and beside them one that is nothing but zeros."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content)
        place = zipfile.ZipInfo(name)
        place.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(place, "w") as big:
            zeros = bytes(1_000_000)
            for _ in range(megabytes):
                big.write(zeros)
    return stream.getvalue()


def lying(content: bytes, name: str, *, size: int | None = None, crc: int | None = None) -> bytes:
    """Return a zip in which both headers of one part state another size or checksum."""
    changed = bytearray(content)
    for mark, at_crc, at_size, at_name in ((b"PK\3\4", 14, 22, 30), (b"PK\1\2", 16, 24, 46)):
        place = changed.find(mark)
        while place >= 0:
            if changed.startswith(name.encode(), place + at_name):
                if crc is not None:
                    struct.pack_into("<I", changed, place + at_crc, crc)
                if size is not None:
                    struct.pack_into("<I", changed, place + at_size, size)
            place = changed.find(mark, place + 4)
    return bytes(changed)


def flagged(content: bytes, bit: int) -> bytes:
    """Return a zip with one flag set in every header (0: encrypted)."""
    changed = bytearray(content)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + at + bit // 8] |= 1 << bit % 8
            place = changed.find(mark, place + 4)
    return bytes(changed)


def zip_of_many(parts: Mapping[str, bytes], count: int) -> bytes:
    """Return a zip with very many empty parts besides."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
        for number in range(count):
            archive.writestr(zipfile.ZipInfo(f"word/x{number}.xml"), b"")
    return stream.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OPEN = "http://schemas.openxmlformats.org"
_RELATED = f"{_OPEN}/officeDocument/2006/relationships"


def _related(targets: Mapping[str, str]) -> bytes:
    """Write a part of relationships: kind → target."""
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships">{items}</Relationships>'.encode()


def _types(overrides: Mapping[str, str]) -> bytes:
    """Write the part of content types."""
    items = "".join(
        f'<Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for part, kind in overrides.items()
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types">{defaults}{items}</Types>'.encode()


def docx_parts(body: str, *, doctype: str = "", footnotes: str = "") -> dict[str, bytes]:
    """Return the parts of a docx whose body is given as WordprocessingML."""
    spaces = (
        f'xmlns:w="{_OPEN}/wordprocessingml/2006/main" xmlns:r="{_RELATED}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:wp="{_OPEN}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_OPEN}/drawingml/2006/main"'
    )
    overrides = {"/word/document.xml": "wordprocessingml.document.main"}
    parts = {
        "_rels/.rels": _related({"officeDocument": "word/document.xml"}),
        "word/document.xml": f"{_XML}{doctype}<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>".encode(),
    }
    if footnotes:
        overrides["/word/footnotes.xml"] = "wordprocessingml.footnotes"
        parts["word/footnotes.xml"] = f"{_XML}<w:footnotes {spaces}>{footnotes}</w:footnotes>".encode()
        parts["word/_rels/document.xml.rels"] = _related({"footnotes": "footnotes.xml"})
    return {"[Content_Types].xml": _types(overrides), **parts}


def paragraph(text: str) -> str:
    """Return one paragraph of WordprocessingML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(text: str) -> bytes:
    """Return a docx with a paragraph for each line."""
    return zipped(docx_parts("".join(map(paragraph, text.splitlines()))))


def xlsx_parts(rows: Sequence[Row], *, doctype: str = "", extra: str = "") -> dict[str, bytes]:
    """Return the parts of an xlsx with one sheet; all cells are text."""
    table = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(64 + c)}{r}" t="inlineStr"><is><t>{value}</t></is></c>' for c, value in enumerate(row, 1)
        )
        + "</row>"
        for r, row in enumerate(table, 1)
    )
    main = f'xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{_RELATED}"'
    return {
        "[Content_Types].xml": _types(
            {"/xl/workbook.xml": "spreadsheetml.sheet.main", "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet"}
        ),
        "_rels/.rels": _related({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": _related({"worksheet": "worksheets/sheet1.xml"}),
        "xl/workbook.xml": (
            f'{_XML}<workbook {main}><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/worksheets/sheet1.xml": (
            f"{_XML}{doctype}<worksheet {main}><sheetData>{cells}{extra}</sheetData></worksheet>"
        ).encode(),
    }


def xlsx(rows: Sequence[Row]) -> bytes:
    """Return an xlsx with one sheet."""
    return zipped(xlsx_parts(rows))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file (the container of .doc, .xls and of encrypted .docx) with a few streams."""
    free, end, mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    sectors, starts = [], {}
    directory = len(names) // 4 + 1  # sectors of four entries, the root's among them
    table = [mark, *range(2, directory + 1), end]
    for name in names:
        padded = streams[name].ljust(4096, b"\0")  # below 4096 bytes it would go into the small stream
        count = -(-len(padded) // 512)
        starts[name] = len(table)
        table += [*range(len(table) + 1, len(table) + count), end]
        sectors.append(padded.ljust(count * 512, b"\0"))

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le")
        head = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded) + 2 if name else 0, kind, 1)
        return head + struct.pack("<III", free, right, child) + bytes(36) + struct.pack("<IQ", start, size)

    entries = [entry("Root Entry", 5, free, 1, end, 0)]
    for number, name in enumerate(names, 1):
        right = number + 1 if number < len(names) else free
        entries.append(entry(name, 2, right, free, starts[name], max(4096, len(streams[name]))))
    entries += [entry("", 0, free, free, 0, 0)] * (-len(entries) % 4)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)[:40]
    header += b"\xff\xff\xff\xff" * 108
    fat = b"".join(struct.pack("<I", one) for one in table).ljust(512, b"\xff")
    return header + fat + b"".join(entries) + b"".join(sectors)


# Pages


def html(
    key: str,
    *,
    charset: str = "utf-8",
    title: str = "",
    head: str = "",
    before: str = "",
    more: str = "",
    after: str = "",
) -> str:
    """
    Return a web page with an article.

    Parameters
    ----------
    key : str
        Of the article.
    charset : str
        What the page declares; empty: nothing.
    title : str
        Another title than the key's own.
    head, before, after : str
        Markup in the head, before the article and after it.
    more : str
        One more paragraph of the article.
    """
    first, *rest = article(key, title=title).splitlines()
    declared = f'<meta charset="{charset}">' if charset else ""
    body = "".join(f"<p>{line}</p>" for line in [*rest[1:], *([more] if more else [])])
    return (
        f"<!DOCTYPE html><html><head>{declared}<title>{first}</title>{head}</head><body>{before}"
        f'<div class="article"><h1>{first}</h1><div class="info">{rest[0]}</div><div class="content">{body}</div></div>'
        f"{after}</body></html>"
    )


def mhtml(key: str, *, charset: str = "utf-8", coded: str = "utf-8", more: str = "") -> bytes:
    """Return a page saved as one file, as Chromium writes it."""
    page = html(key, charset="", more=more).encode(coded)
    quoted = b"".join(b"=%02X" % byte if byte > 126 or byte in b"=\r\n" else bytes([byte]) for byte in page)
    lines = [quoted[at : at + 72] for at in range(0, len(quoted), 72)]
    for number in range(len(lines) - 1):  # no line may end inside =XX
        tail = lines[number][-2:]
        cut = 1 if tail[1:] == b"=" else 2 if tail[:1] == b"=" else 0
        if cut:
            lines[number + 1] = lines[number][-cut:] + lines[number + 1]
            lines[number] = lines[number][:-cut]
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://www.example.invalid/2023/a.html\r\n"
        "Subject: page\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----MultipartBoundary--x"\r\n\r\n\r\n'
        "------MultipartBoundary--x\r\n"
        f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: http://www.example.invalid/2023/a.html\r\n\r\n"
    )
    return head.encode() + b"=\r\n".join(lines) + b"\r\n\r\n------MultipartBoundary--x--\r\n"


def webarchive(key: str) -> bytes:
    """Return a page as Safari saves it."""
    main = {
        "WebResourceData": html(key, charset="").encode(),
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceURL": "http://www.example.invalid/2023/b.html",
        "WebResourceFrameName": "",
    }
    return plistlib.dumps({"WebMainResource": main}, fmt=plistlib.FMT_BINARY)


# PDF


def stream(content: bytes, extra: str = "") -> bytes:
    """Return a stream object."""
    return f"<< /Length {len(content)} {extra} >>\nstream\n".encode() + content + b"\nendstream"


def pdf(objects: Sequence[bytes], *, trailer: str = "", wrong_start: int | None = None) -> bytes:
    """Return a pdf of objects numbered from 1, the first being its catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    trailer = trailer.replace("{start}", str(start))
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    out += f"startxref\n{start if wrong_start is None else wrong_start}\n%%EOF\n".encode()
    return bytes(out)


Placed = tuple[int, int, str]  # x, y, text


def as_page(text: str, *, width: int = 30) -> list[Placed]:
    """Set lines on one page, from the top."""
    lines = [line[at : at + width] for line in text.splitlines() for at in range(0, len(line), width)]
    return [(60, 780 - 20 * number, line) for number, line in enumerate(lines)]


def pdf_objects(page: Sequence[Placed], *, reads_as: Callable[[str], str | None] = str, count: int = 1) -> list[bytes]:
    """
    Return the objects of a pdf with one written page.

    Parameters
    ----------
    page : sequence of (x, y, text)
        In the order of drawing.
    reads_as : callable
        What the font says a character is; None leaves it out.
    count : int
        How many pages the tree claims.
    """
    characters = sorted({char for _, _, text in page for char in text})
    codes = {char: number for number, char in enumerate(characters, 1)}
    drawn = "".join(
        f"BT /F1 14 Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{codes[char]:04X}' for char in text)}> Tj ET\n"
        for x, y, text in page
    )
    pairs = [(codes[char], read.encode("utf-16-be").hex()) for char in characters if (read := reads_as(char))]
    blocks = "".join(
        f"{len(block)} beginbfchar\n" + "".join(f"<{code:04X}> <{read}>\n" for code, read in block) + "endbfchar\n"
        for block in (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    )
    mapping = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}endcmap end end"
    )
    to_unicode = "/ToUnicode 7 0 R" if pairs else ""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [3 0 R] /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(drawn.encode()),
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [6 0 R] {to_unicode} >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 /CIDToGIDMap /Identity "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R >>",
        stream(mapping.encode()),
        b"<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
    ]


def written_pdf(text: str) -> bytes:
    """Return a pdf with a text on one page."""
    return pdf(pdf_objects(as_page(text)))


def _rc4(key: bytes, content: bytes) -> bytes:
    """Encrypt with RC4, which is what the oldest encrypted pdfs have."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted_pdf(text: str, password: bytes) -> bytes:
    """Return a pdf under a user's password (40 bits, revision 2); empty: it opens for anybody."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    identity, rights = bytes(range(16)), -4
    user = (password + pad)[:32]
    owner = _rc4(hashlib.md5(b"owner" + pad[:27]).digest()[:5], user)
    key = hashlib.md5(user + owner + struct.pack("<i", rights) + identity).digest()[:5]
    objects = pdf_objects(as_page(text))
    for number in (4, 7):
        head, _, rest = objects[number - 1].partition(b"stream\n")
        content = rest.removesuffix(b"\nendstream")
        own = hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]
        objects[number - 1] = head + b"stream\n" + _rc4(own, content) + b"\nendstream"
    # A string is encrypted as well; in a hexadecimal one nothing has to be escaped.
    own = hashlib.md5(key + struct.pack("<I", 6)[:3] + b"\0\0").digest()[:10]
    for plain in (b"Adobe", b"Identity"):
        objects[5] = objects[5].replace(b"(" + plain + b")", b"<" + _rc4(own, plain).hex().encode() + b">")
    encryption = (
        f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P {rights} /O <{owner.hex()}> /U <{_rc4(key, pad).hex()}> >>"
    )
    return pdf([*objects, encryption.encode()], trailer=f"/Encrypt 9 0 R /ID [<{identity.hex()}> <{identity.hex()}>]")


def scanned_pdf() -> bytes:
    """Return a pdf whose one page is a picture."""
    picture = stream(zlib.compress(bytes(range(256)) * 16), "/Type /XObject /Subtype /Image /Width 64 /Height 64 "
                     "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode")  # fmt: skip
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
            stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
            picture,
        ]
    )


def deflated_repeat(chunk: bytes, times: int) -> bytes:
    """Return what zlib makes of a chunk repeated very often, without compressing it as often."""
    press = zlib.compressobj(9)
    first = press.compress(chunk) + press.flush(zlib.Z_FULL_FLUSH)
    again = press.compress(chunk) + press.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(chunk, check)
    return first + again * (times - 1) + b"\x03\x00" + struct.pack(">I", check)


def bomb_pdf(megabytes: int) -> bytes:
    """Return a pdf whose page is deflated twice and has very many operators."""
    line = b"BT /F1 14 Tf 1 0 0 1 60 700 Tm <0001000200030004> Tj ET\n"
    chunk = (line * (1_000_000 // len(line) + 1))[:1_000_000]
    chunk = chunk[: chunk.rfind(b"\n") + 1]
    content = zlib.compress(deflated_repeat(chunk, megabytes), 9)
    objects = pdf_objects([(60, 700, "平安法治")])
    objects[3] = stream(content, "/Filter [/FlateDecode /FlateDecode]")
    return pdf(objects)


def valid_files(key: str) -> dict[str, bytes]:
    """Return one healthy file of each format, by name."""
    rows = records(f"{key} xlsx", 3)
    return {
        "a.txt": article(f"{key} txt").encode("gb18030"),
        "a.md": f"# {article(f'{key} md')}".encode(),
        "a.html": html(f"{key} html").encode(),
        "a.mhtml": mhtml(f"{key} mhtml"),
        "a.webarchive": webarchive(f"{key} webarchive"),
        "a.docx": docx(article(f"{key} docx")),
        "a.pdf": written_pdf(article(f"{key} pdf")),
        "a.csv": csv_text(records(f"{key} csv", 3)).encode("utf-8-sig"),
        "a.tsv": csv_text(records(f"{key} tsv", 3), delimiter="\t").encode(),
        "a.xlsx": xlsx(rows),
        "a.jsonl": jsonl_text(records(f"{key} jsonl", 3)).encode(),
        "a.json": json.dumps(records(f"{key} json", 3), ensure_ascii=False, indent=1).encode(),
        "a.parquet": parquet(records(f"{key} parquet", 3)),
        "a.zip": zipped({"in/b.txt": article(f"{key} zip b").encode(), "in/c.html": html(f"{key} zip c").encode()}),
    }
