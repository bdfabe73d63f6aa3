"""Write the binary fixtures of the gold set (docx, pdf, xlsx, mhtml) into a folder, always the same bytes."""

import base64
import quopri
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from fpdf import FPDF
from openpyxl import Workbook

FONTS = Path(__file__).parents[2] / "src" / "policy_themes" / "data" / "fonts"
MADE = datetime(2024, 6, 3, 9, 15, tzinfo=UTC)  # file metadata say when a file was made, never when it was published

DX01 = [
    "各开发区管委会，各区县（市）人民政府，市人民政府各部门，各有关单位：",
    "为进一步畅通群众诉求表达渠道，提高矛盾纠纷化解质量，经市政府同意，现就推进“郑在调解”一站式平台建设有关事项通知如下。",
    "一、建设范围。以区县（市）为单位，整合综治中心、人民来访接待中心、公共法律服务中心、诉讼服务中心，实行“一个窗口受理、一张清单流转”。",
    "二、时间安排。2023年9月底前，中原区、二七区、新密市完成试点；2024年底前，全市全面运行。",
    "三、工作要求。各地要把平台建设纳入平安郑州建设考核，严禁重复建设，不得增加基层台账负担。市司法局要会同市委政法委、市大数据局加强督促检查。",
    "郑州市人民政府办公厅",
    "二〇二三年五月十六日",
]
DX02 = [
    "2月24日，甘肃省检察长会议在兰州召开，深入学习贯彻中央和省委政法工作会议精神，总结去年工作，部署今年任务。省人民检察院检察长冯志刚讲话。",
    "会议指出，过去一年，全省检察机关办理各类案件7.8万件，刑事案件诉前羁押率降至34.2%，在祁连山、黄河流域生态保护中办理公益诉讼案件1206件，检察工作取得新进步。",
    "会议强调，要自觉把检察工作放到全省大局中谋划，坚持治罪与治理并重，用好检察建议，推动诉源治理；要做实农村地区司法救助，让更多困难当事人感受到司法温度。",
    "会议要求，全省各级检察院要抓好“质量建设年”，用数字检察促进检察工作现代化。陇南、天水、嘉峪关三个市级院作了交流发言。",
    "会议以视频形式召开，各市州院、基层院在当地分会场参加。",
]
DX03 = [
    "同志们：",
    "这次会议的主要任务是，贯彻中央政法工作会议精神，总结2019年工作，部署2020年重点任务。刚才，渝北、涪陵、酉阳三个区县作了发言，讲得很实在。下面，我讲三点意见。",
    "一、肯定成绩，认清形势。去年全市刑事案件下降8.9%，群众安全感指数达到98.2%。同时要看到，涉众型经济纠纷增多，基层调解力量还比较薄弱，不能有半点松懈。",
    "二、突出重点，狠抓落实。要打好扫黑除恶专项斗争三年收官战；要完善“一庭两所”联动化解机制，把“枫桥经验”变成“重庆实践”；要加快市域社会治理现代化试点，力争三年内形成一批成果。",
    "三、从严治警，锻造铁军。要坚持严管与厚爱结合，落实职业保障，让一线干警流汗不流泪。",
    "同志们，让我们以钉钉子精神抓好各项工作，为全市经济社会发展创造安全稳定的环境。",
]
DX04 = [
    "各位代表：",
    "现在，我代表市人民检察院向大会报告工作，请予审议，并请市政协委员和其他列席人员提出意见。",
    "一、2022年主要工作",
    "服务先行示范区建设。批准逮捕侵犯知识产权犯罪嫌疑人214人，为46家企业开展合规整改监督，出具涉案企业合规考察报告41份。",
    "守护平安深圳。依法惩治电信网络诈骗、传播淫秽物品等网络犯罪，批捕3127人；对轻微犯罪不批捕2804人，促进社会和谐。",
    "深化诉源治理。在南山、龙岗等区设立驻综治中心检察服务点22个，公开听证986件，息诉率91.5%。",
    "二、2023年工作安排",
    "新的一年，我们将坚持高质量发展主题，推进检察工作现代化，全力服务粤港澳大湾区建设，在加强法律监督、保障民生、智慧检务上走在前列。",
]
DX05 = [
    "为做好2023年全市普法依法治理工作，根据“八五”普法规划，结合我市实际，制定本计划。",
    ("序号", "工作任务", "责任单位", "完成时限"),
    ("1", "开展“宪法法律进万家”巡回宣讲不少于200场", "市司法局普法科", "2023年12月"),
    ("2", "培养双语“法律明白人”骨干1500名", "各区（县）司法局", "2023年10月"),
    ("3", "在天山区、沙依巴克区建设法治文化公园各1处", "天山区、沙依巴克区人民政府", "2025年底前"),
    ("4", "组织国家工作人员旁听庭审活动", "市中级人民法院", "每季度1次"),
    "各责任单位要明确专人，按季度报送进展情况。市司法局将适时组织督查，结果纳入法治建设考核。",
    "乌鲁木齐市司法局",
    "2023年2月3日",
]
DX06 = [
    "第一条 为了规范人民调解活动，及时化解民间纠纷，维护社会和谐稳定，服务海南自由贸易港建设，根据《中华人民共和国人民调解法》，结合本省实际，制定本规定。",
    "第二条 本省行政区域内的人民调解工作适用本规定。",
    "第三条 县级以上人民政府司法行政部门负责指导本行政区域的人民调解工作，基层人民法院对人民调解委员会调解民间纠纷进行业务指导。",
    "第四条 旅游景区、农贸市场、产业园区可以根据需要设立人民调解委员会，邀请熟悉外语的志愿者参与涉外纠纷调解。",
    "第五条 人民调解委员会调解民间纠纷，不收取任何费用。",
    "第六条 本规定自二○二二年六月一日起施行。",
    "海南省人民政府",
    "二○二二年四月一日",
]
PD01 = [
    "各市、县（市、区）司法局，厅机关各处室：",
    "为深入推进社区矫正规范化建设，提升教育帮扶质量，省司法厅决定在全省开展“智慧矫正中心”创建活动。现将有关事项通知如下。",
    "一、总体要求。坚持总体国家安全观，以信息技术与社区矫正工作深度融合为主线，建立数据共享、动态监管、精准帮教的工作体系，推动社区矫正工作高质量发展，为建设平安安徽提供有力保障。",
    "二、创建标准。中心建筑面积不少于三百平方米，设置报到登记、心理咨询、远程会见、应急指挥等功能区；社区矫正对象信息完整率达到百分之百；与公安、法院、检察院、监狱实现业务协同和数据交换。",
    "三、创建步骤。2022年8月，各市确定创建名单；2022年9月至11月，对照标准组织建设；2022年12月，省厅组织验收。到2025年，全省县（市、区）“智慧矫正中心”建成率达到百分之八十以上。",
    "四、保障措施。各地要主动向党委、政府报告，争取经费支持。要坚持实用、管用、好用原则，防止只建不用。要加强数据安全管理，严格权限设置，确保不发生信息泄露问题。",
    "五、成果运用。省厅将择优推荐参加全国评比，并把创建工作作为年度考核的重要内容。合肥、马鞍山、六安三市要及时总结先行先试经验，形成可以推广的制度成果。",
    "请各市司法局于8月10日前将实施方案报省厅社区矫正管理局。",
    "安徽省司法厅",
    "2022年7月18日",
]
PD02 = [
    "为系统反映广东法院行政审判工作情况，促进依法行政，我院对2021年全省法院行政案件审理情况进行了分析，形成本报告。",
    "一、基本情况。2021年，全省法院共受理一审行政案件4.2万件，同比增长6.8%；审结3.9万件。案件主要集中在自然资源、社会保障、公安、市场监管等领域。行政机关负责人出庭应诉率为91.6%，比上年提高7.2个百分点。",
    "二、主要做法。一是推进集中管辖，广州、深圳等地跨区划法院审理行政案件的格局基本形成。二是推动争议实质解决，全省建立行政争议协调化解中心二十一个，协调成功案件六千余件。三是规范审判标准，发布典型案例三批三十件，统一裁判尺度。",
    "三、存在问题。部分行政机关证据意识不强，送达程序不规范；个别地方征收补偿标准不透明，引发群体性争议；基层执法人员法律素质有待提高。",
    "四、意见建议。加强重大行政决策合法性审查，健全征收补偿信息公开制度，完善行政复议与行政诉讼衔接，建立败诉案件分析报告制度。人民法院将继续支持和监督行政机关依法行政，推动行政审判工作现代化，服务法治广东建设。",
]
PD03 = [
    "市委政法委日前召开全市综治中心实体化运行座谈会，浦东、静安、杨浦、松江四个区作交流发言。会议听取了市公安局、市司法局、市信访办关于力量进驻情况的汇报。",
    "会议认为，今年以来各区在机制融合上迈出重要步伐。全市已有二百一十五个街镇综治中心实现常态化运行，公安、司法、信访等部门派员进驻，接待群众超过十八万人次，矛盾纠纷一次办结比例达到百分之八十七。",
    "杨浦区推行“三所联动”机制，派出所、司法所、律师事务所共同参与调解，上半年化解疑难纠纷一千二百余件。静安区将物业纠纷作为重点，由法官、社区工作者和业主代表共同组成“楼组会谈”小组，深受居民欢迎。松江区把服务点建到工业园区，方便外来职工就近反映问题。",
    "会议要求，下半年要重点解决三个问题：信息系统重复录入，专职调解人员不足，部门之间责任不清。要以数字化转型为契机，打通数据通道，做到群众只讲一遍、事情全程跟踪。",
    "会议强调，综治中心是平安上海建设的重要平台。到2025年，全市街镇综治中心标准化率要达到百分之百，形成与超大城市相适应的社会治理现代化体系。",
]
PD04 = [
    "The Department of Justice of Guangxi Zhuang Autonomous Region has published its assessment of mediation services "
    "along the border with Viet Nam. The assessment covers eight counties and county-level cities and is based on "
    "records of 11,430 disputes closed in the past three years.",
    "Most disputes on the border concern trade in fruit, cross-border marriages and the wages of seasonal workers. "
    "Two thirds of them are settled within a week. Bilingual mediators, of whom there are now 412, are the most "
    "important single factor: where one is present, the rate of success rises from 78 to 93 percent.",
    "The department found weaknesses as well. Records are kept on paper in five of the eight counties, agreements are "
    "seldom confirmed by a court, and mediators are paid late. Township justice offices have on average 1.6 members of "
    "staff, fewer than anywhere else in the region.",
    "It recommends a common register by the end of 2023, a fund for subsidies per case, and joint training with the "
    "people's courts in Dongxing, Pingxiang and Jingxi. By 2025 every border township should have a mediation room "
    "with interpretation by telephone.",
    "The modernization of social governance on the border, the assessment concludes, depends less on new buildings "
    "than on people who are trusted on both sides of the river.",
]
PD05 = [
    "各位代表：",
    "现在，我代表市人民政府向大会作政府工作报告，请予审议，并请各位政协委员提出意见。",
    "一、过去五年工作回顾",
    "五年来，我们坚持以习近平新时代中国特色社会主义思想为指导，全力建设黄河流域生态保护和高质量发展先行区示范市。地区生产总值突破二千五百亿元，年均增长百分之五点九；城镇居民人均可支配收入达到四万三千元。",
    "五年来，我们始终把民生放在首位。新建改建学校一百二十所，新增学位八万个；建成城市公园和小微公园二百余处，群众出门就能见到绿地。",
    "五年来，我们全面加强社会治理。深入开展市域社会治理现代化试点，推行“一村（社区）一法律顾问”，人民调解成功率保持在百分之九十七以上；安全生产事故起数下降四成，平安银川建设成果不断巩固。",
    "二、2023年重点工作",
    "今年地区生产总值预期增长百分之七左右。我们将重点抓好以下工作：大力发展新材料、新能源、新食品产业；加快老旧小区改造，完成一百零五个小区；办好十件民生实事；坚持和发展新时代“枫桥经验”，完善矛盾纠纷多元化解机制；到2025年，基本建成法治政府。",
    "各位代表，让我们团结一心、真抓实干，为全面建设社会主义现代化美丽新宁夏作出首府贡献。",
]
PD06 = [
    "近日，在河北省邯郸市丛台区一处建筑工地，四十七名农民工领到了被拖欠三个月的工资。从提出申请到拿到钱，只用了九天时间。",
    "这得益于邯郸市司法局建立的农民工法律援助“直通车”机制。工地出入口张贴二维码，扫码就能提交申请，由市法律援助中心指派律师当天联系，不再审查经济困难条件。",
    "市司法局还与人力资源社会保障局、住房和城乡建设局、总工会建立信息共享制度，先调解、后仲裁、再诉讼，用最短的时间、最低的成本解决问题。今年前九个月，全市共为农民工讨回工资三千一百余万元，成功调解集体纠纷六十八起。",
    "“过去要跑四个部门，现在手机上点几下。”来自魏县的工人老田说。",
    "下一步，邯郸市司法局将把服务点设到全市所有重点工程项目，2024年春节前对拖欠工资问题进行集中清理，以实际行动服务平安邯郸、法治邯郸建设。",
]
MH01 = [
    "3月28日，全国检察机关知识产权检察工作座谈会在苏州召开。最高人民检察院有关负责同志出席会议并讲话。",
    "会议指出，2022年以来，检察机关起诉侵犯知识产权犯罪1.3万人，办理知识产权民事行政诉讼监督案件937件。要坚持综合履职，推动刑事、民事、行政、公益诉讼检察融合发展。",
    "北京、江苏、浙江、福建、广东五省（市）检察院介绍了商业秘密保护、涉外维权、恶意诉讼监督等方面的经验。",
    "会议要求，各级检察机关要以检察工作现代化服务知识产权强国建设，力争2025年底前地市级检察院普遍设立专门办案组织。",
]
MH02 = [
    "哈密市公安局伊州区分局天山东路派出所民警古丽米热，有一个随身携带的“民情本”，八年写满了十六本。",
    "谁家老人独居、谁家孩子要高考、谁和谁有过口角，本子里记得清清楚楚。依靠民情本，她先后调解纠纷四百多起，辖区连续三年没有发生恶性案件。",
    "今年，市公安局把“民情本”做法推广到全市派出所，并开发手机端“哈密瓜码”，群众扫一扫就能找到社区民警。",
    "“本子会写完，心里的牵挂写不完。”古丽米热说。",
]
XLSX = [
    (
        "内蒙古公安机关春运安保交出平安答卷",
        datetime(2023, 2, 14),
        "内蒙古自治区公安厅",
        "为期40天的春运落下帷幕。内蒙古自治区公安机关共投入警力23万人次，全区未发生长时间、长距离交通拥堵，未发生重大治安案件。\n"
        "面对寒潮大风天气，交警部门在G6、G7高速公路设置暖心驿站126处，为滞留群众送上热水、热饭。各地派出所还在候车室里开起“回家路上的普法课”。\n"
        "自治区公安厅交通管理局局长说，平安春运靠的是提前一小时的预警、多走一公里的巡查。",
        "http://gat.nmg.example.cn/jwzx/3321.html",
    ),
    (
        "芜湖：“警民联调”三年化解纠纷六万起",
        "2022年12月",
        "芜湖市公安局",
        "在安徽省芜湖市，派出所里常驻着一支特殊队伍——人民调解员。三年来，“警民联调”共化解纠纷6万余起，履行率98.6%。\n"
        "芜湖市公安局与市司法局共同制定调解员星级评定办法，一件疑难案最高补助800元，全部由财政保障。\n"
        "“穿警服的讲法，穿便服的讲情。”调解员老章这样概括自己的搭档关系。",
        "",
    ),
    (
        "重庆法院“老马工作室”有了线上版",
        None,
        "重庆市高级人民法院",
        "打开手机，选择“云解纠纷”，不到五分钟，家住巫溪的冉先生就和远在主城的调解员连上了线。\n"
        "重庆市高级人民法院把“老马工作法”搬到网上，全市四十个基层法院统一入口、统一规则，跨区县案件不再来回跑。\n"
        "数据显示，线上调解平均用时6.7天，比线下缩短一半以上。",
        "http://cqfy.example.cn/article/detail?id=7713",
    ),
    (
        "鼓楼区：古厝里的“榕树下”议事会",
        "2023-09-01",
        "福州市鼓楼区司法局",
        "在福州市鼓楼区三坊七巷，百年榕树下摆开几张竹椅，安泰街道的“榕树下”议事会就开始了。8月30日的议题，是老宅修缮期间的噪声。\n"
        "鼓楼区司法局派出法律顾问列席，先讲规矩，再谈情理。施工方同意午间停工两小时，居民也让出了临时通道。\n"
        "今年以来，全区“榕树下”议事会共召开212场，形成居民公约37条。",
        "http://www.gl.example.cn/2023/sfj/8817.htm",
    ),
]


def _refreeze(path: Path) -> None:
    """Give every member of an Office file the same time stamp, and its core properties a fixed date."""
    with zipfile.ZipFile(path) as old:
        members = [(name, old.read(name)) for name in old.namelist()]
    stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members:
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, (2024, 6, 3, 9, 15, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)


def _docx(header: str = "", footer: str = "") -> DocxDocument:
    """Return an empty document with a running header and footer."""
    document = Document()
    document.styles["Normal"].font.size = Pt(16)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    return document


def _line(document: DocxDocument, text: str, *, centre: bool = False, right: bool = False, bold: bool = False) -> None:
    """Add one paragraph."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold
    if centre or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT


def _page_field(document: DocxDocument) -> None:
    """Put a page number field into the footer."""
    paragraph = document.sections[0].footer.paragraphs[0]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _docx_files() -> Iterator[tuple[str, DocxDocument]]:
    """Yield the Word documents, each with a layout of its own."""
    document = _docx(header="郑州市人民政府办公厅文件")
    _line(document, "郑政办〔2023〕22号", centre=True)
    for part in ("郑州市人民政府办公厅", "关于推进“郑在调解”一站式平台建设的通知"):
        _line(document, part, centre=True, bold=True)
    for text in DX01[:-2]:
        _line(document, text if text is DX01[0] else "　　" + text)
    for text in DX01[-2:]:
        _line(document, text, right=True)
    _line(document, "抄送：市委有关部门，郑州警备区。市人大常委会办公厅，市政协办公厅。")
    yield "dx01", document

    document = _docx()
    document.add_paragraph("首页 > 检察要闻 > 本院动态")
    document.add_heading("甘肃省检察长会议在兰州召开", 1)
    document.add_paragraph("发布时间：2022-02-25 09:12　来源：甘肃省人民检察院　字号：大 中 小　打印　关闭")
    for text in DX02:
        document.add_paragraph(text)
    document.add_paragraph("责任编辑：柴瑞")
    document.add_paragraph("相关阅读：全省检察机关党风廉政建设工作会议召开（2022-03-01）")
    yield "dx02", document

    document = _docx(footer="会议材料 注意保存")
    document.add_paragraph("在全市政法工作会议上的讲话", style="Title")
    _line(document, "（2020年1月15日）", centre=True)
    _line(document, "中共重庆市委政法委员会书记", centre=True)
    for text in DX03:
        document.add_paragraph("　　" + text)
    yield "dx03", document

    document = _docx(header="深圳市第七届人民代表大会会议文件", footer="第 ")
    _page_field(document)
    _line(document, "深圳市人民检察院工作报告", centre=True, bold=True)
    _line(document, "2023年1月", centre=True)
    for text in DX04:
        _line(document, text, bold=text.startswith(("一、", "二、")))
    yield "dx04", document

    document = _docx(header="乌鲁木齐市司法局")
    _line(document, "乌鲁木齐市2023年普法依法治理工作计划", centre=True, bold=True)
    table = None
    for item in DX05:
        if isinstance(item, tuple):
            if table is None:
                table = document.add_table(rows=0, cols=4, style="Table Grid")
            for cell, text in zip(table.add_row().cells, item, strict=True):
                cell.text = text
        else:
            _line(document, item, right=item in DX05[-2:])
    yield "dx05", document

    document = _docx()
    _line(document, "索引号：00817360-8/2022-05233　发布机关：海南省人民政府　发布日期：2022年4月8日")
    _line(document, "海南省人民政府令", centre=True, bold=True)
    _line(document, "第305号", centre=True)
    document.add_heading("海南省人民调解规定", 0)
    for text in DX06:
        _line(document, text, right=text in DX06[-2:])
    yield "dx06", document


class _Pdf(FPDF):
    """A pdf page with a running header and footer."""

    def __init__(self, header: str, footer: str, size: float = 15) -> None:
        super().__init__(format="A4")
        self.top, self.bottom, self.size = header, footer, size
        self.set_creation_date(MADE)
        self.add_font("sc", fname=FONTS / "NotoSansSC-Common.ttf")
        self.add_font("rare", fname=FONTS / "NotoSansSC-Rare.ttf")
        self.set_fallback_fonts(["rare"])
        self.alias_nb_pages("{nb}")
        self.set_margins(26, 24)
        self.set_auto_page_break(True, 26)
        self.add_page()

    def header(self) -> None:
        """Print the running header."""
        self.set_font("sc", size=9)
        if self.top:
            self.cell(0, 8, self.top, new_x="LMARGIN", new_y="NEXT", align="C")
            self.ln(4)

    def footer(self) -> None:
        """Print the running footer with the page number."""
        self.set_y(-16)
        self.set_font("sc", size=9)
        self.cell(0, 8, self.bottom.replace("{page}", str(self.page_no())), align="C")

    def text_line(self, text: str, *, size: float = 0, align: str = "L", latin: bool = False) -> None:
        """Print one paragraph."""
        self.set_font("sc", size=size or self.size)
        height = (size or self.size) * 0.62
        wrap = "WORD" if latin else "CHAR"
        self.multi_cell(0, height, text, align=align, wrapmode=wrap, new_x="LMARGIN", new_y="NEXT")


def _columns(pdf: _Pdf, paragraphs: list[str], width: float, gap: float, bottom: float) -> None:
    """Set paragraphs in two columns, on each page the left one first."""
    pdf.set_auto_page_break(False)
    pdf.set_font("sc", size=pdf.size)
    lines = [
        line
        for text in paragraphs
        for line in pdf.multi_cell(width, 10, "　　" + text, wrapmode="CHAR", dry_run=True, output="LINES")
    ]
    left, top, at = pdf.l_margin, pdf.get_y(), 0
    y = top
    for line in lines:
        if y > bottom:
            if at == 1:
                pdf.add_page()
                top = pdf.get_y()
            at, y = 1 - at, top
        pdf.set_xy(left + at * (width + gap), y)
        pdf.cell(width, 10, line)
        y += 10


def _pdf_files() -> Iterator[tuple[str, _Pdf]]:
    """Yield the pdf documents."""
    pdf = _Pdf("安徽省司法厅文件", "— {page} —", 17)
    pdf.text_line("皖司通〔2022〕31号", align="C")
    pdf.text_line("安徽省司法厅关于开展“智慧矫正中心”创建活动的通知", size=20, align="C")
    for text in PD01[:-2]:
        pdf.text_line(text if text is PD01[0] else "　　" + text)
    for text in PD01[-2:]:
        pdf.text_line(text, align="R")
    yield "pd01", pdf

    pdf = _Pdf("广东法院行政审判情况报告", "第 {page} 页", 16)
    pdf.ln(60)
    pdf.text_line("广东法院行政审判情况报告", size=26, align="C")
    pdf.text_line("（2021年度）", align="C")
    pdf.ln(80)
    pdf.text_line("广东省高级人民法院", align="C")
    pdf.text_line("2022年4月", align="C")
    pdf.add_page()
    for text in PD02:
        pdf.text_line("　　" + text)
    yield "pd02", pdf

    pdf = _Pdf("上海政法简报　2023年第12期　（总第886期）", "编印：中共上海市委政法委员会　　{page}/{nb}", 15)
    pdf.text_line("中共上海市委政法委员会办公室　　2023年6月30日", size=11, align="C")
    pdf.text_line("推动综治中心实体化运行", size=20, align="C")
    pdf.ln(4)
    _columns(pdf, PD03, 74, 10, 205)
    yield "pd03", pdf

    pdf = _Pdf("Border Mediation Assessment", "Page {page} of {nb}", 16)
    pdf.text_line("Mediation on the Guangxi Border: An Assessment", size=22, latin=True)
    pdf.text_line("Department of Justice of Guangxi Zhuang Autonomous Region, 18 August 2022", size=11, latin=True)
    pdf.ln(6)
    for text in PD04:
        pdf.text_line(text, latin=True)
        pdf.ln(5)
    yield "pd04", pdf

    pdf = _Pdf("银川市人民政府工作报告", "- {page} -", 17)
    pdf.text_line("政府工作报告", size=24, align="C")
    pdf.text_line("——2023年2月11日在银川市第十六届人民代表大会第二次会议上", size=12, align="C")
    pdf.text_line("银川市人民政府市长", size=12, align="C")
    for text in PD05:
        pdf.text_line("　　" + text)
    yield "pd05", pdf

    pdf = _Pdf(
        "2024/6/3 09:15　　　　　　邯郸：法律援助“直通车”开进工地 - 邯郸市司法局",
        "http://sfj.hd.example.cn/dt/content_20871.html　　　　　　{page}/{nb}",
        24,
    )
    pdf.text_line("当前位置：首页 > 工作动态", size=10)
    pdf.text_line("邯郸：法律援助“直通车”开进工地", size=28)
    pdf.text_line("发布时间：2023-10-12　来源：邯郸市司法局　点击数：509", size=10)
    for text in PD06:
        pdf.text_line("　　" + text)
    pdf.text_line("责任编辑：李平　　分享到：微信 微博", size=10)
    pdf.text_line("主办单位：邯郸市司法局　版权所有 © 2024", size=10)
    yield "pd06", pdf


def _mhtml_files() -> Iterator[tuple[str, bytes]]:
    """Yield two saved web archives, one as a browser of today writes it, one as an old one did."""
    paragraphs = "".join(f'<p style="text-indent:2em">{text}</p>\n' for text in MH01)
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>最高检召开知识产权检察工作座谈会_检察要闻</title>'
        '<link rel="stylesheet" href="cid:css-1@mhtml.blink"></head><body>'
        "<div class=nav><a>首页</a><a>检察要闻</a><a>权威发布</a><a>案例</a></div>"
        "<div class=crumb>您所在的位置：首页 &gt; 检察要闻</div>"
        "<h1>最高检召开知识产权检察工作座谈会</h1>"
        "<div class=info>时间：2023-03-30　作者：单鸽　新闻来源：最高人民检察院　【字号：大 中 小】</div>"
        f"<div class=detail_con>{paragraphs}</div>"
        "<div class=editor>[责任编辑：孙宇]</div>"
        "<div class=xg>相关文章 <a>检察机关知识产权白皮书发布</a> 2023-04-26</div>"
        "<div class=foot>最高人民检察院 版权所有 京ICP备00000041号</div></body></html>"
    )
    edge = "----MultipartBoundary--p7TzQ0000000000000000000000000000----"
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://www.spp.example.cn/spp/tt/content_21804.shtml\n"
        "Subject: =?utf-8?B?" + base64.b64encode("最高检召开知识产权检察工作座谈会".encode()).decode() + "?=\n"
        "Date: Mon, 3 Jun 2024 01:15:00 -0000\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="{edge}"\n\n\n'
    )
    parts = (
        f"--{edge}\nContent-Type: text/html\nContent-ID: <frame-1@mhtml.blink>\n"
        "Content-Transfer-Encoding: quoted-printable\n"
        "Content-Location: https://www.spp.example.cn/spp/tt/content_21804.shtml\n\n"
        + quopri.encodestring(page.encode()).decode()
        + f"\n--{edge}\nContent-Type: text/css\nContent-Transfer-Encoding: quoted-printable\n"
        "Content-Location: cid:css-1@mhtml.blink\n\n.nav a { margin: 8px }\n"
        f"--{edge}--\n"
    )
    yield "mh01", (head + parts).replace("\n", "\r\n").encode("ascii")

    body = "<br><br>\n".join(f"　　{text}" for text in MH02)
    page = (
        '<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">'
        "<TITLE>一本民情本，八年警民情</TITLE></HEAD><BODY>"
        "<TABLE width=780 align=center><TR><TD>首页 | 新闻 | 天山南北 | 法治 | 图片</TD></TR>"
        "<TR><TD align=middle><B>一本民情本，八年警民情</B></TD></TR>"
        "<TR><TD align=middle>2019年07月23日 10:20:31　来源：哈密日报　编辑：库尔班</TD></TR>"
        f"<TR><TD>{body}</TD></TR>"
        "<TR><TD>【大 中 小】【打印】【关闭】　声明：本网转载其他媒体稿件，版权归原作者所有。</TD></TR>"
        "<TR><TD>Copyright © 2024 新ICP备00000042号</TD></TR></TABLE></BODY></HTML>"
    )
    coded = base64.encodebytes(page.encode("gb18030")).decode()
    text = (
        "From: <Saved by Windows Internet Explorer 8>\nSubject: =?gb2312?B?"
        + base64.b64encode("一本民情本，八年警民情".encode("gb2312")).decode()
        + "?=\nDate: Mon, 3 Jun 2024 09:15:00 +0800\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----=_NextPart_000_0000_01DA0000.00000000"\n\n'
        "This is a multi-part message in MIME format.\n\n------=_NextPart_000_0000_01DA0000.00000000\n"
        'Content-Type: text/html;\n\tcharset="gb2312"\nContent-Transfer-Encoding: base64\n'
        "Content-Location: http://www.hami.example.cn/xw/fz/88412.htm\n\n"
        + coded
        + "\n------=_NextPart_000_0000_01DA0000.00000000--\n"
    )
    yield "mh02", text.replace("\n", "\r\n").encode("ascii")


def _table(path: Path) -> None:
    """Write the spreadsheet, one document a row."""
    book = Workbook()
    sheet = book.active
    sheet.title = "采集结果"
    sheet.append(["标题", "发布时间", "来源", "正文", "链接"])
    for row in XLSX:
        sheet.append(list(row))
    book.save(path)
    _refreeze(path)


def build(folder: Path) -> None:
    """Write all binary fixtures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in _docx_files():
        path = folder / f"{name}.docx"
        document.save(str(path))
        _refreeze(path)
    for name, pdf in _pdf_files():
        pdf.output(str(folder / f"{name}.pdf"))
    for name, data in _mhtml_files():
        (folder / f"{name}.mhtml").write_bytes(data)
    _table(folder / "tb03.xlsx")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
