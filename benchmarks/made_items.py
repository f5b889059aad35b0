"""Items made by rule for the benchmarks: exam-like Chinese sentences in any number, without a single real question."""

import random

from bank.content import ItemContent, ItemType

TERMS = (  # noqa: SIM905 - words read better in a line
    "焊条 接触器 减速机 吊钩 配电箱 熔断器 千分尺 液压泵 轴承 安全带 灭火器 冷却水 "
    "电烙铁 变压器 离合器 保险绳 砂轮机 压力表 止回阀 输送带 温控器 茶壶 发酵箱 血压计 "
    "缝纫机 刨刀 窑炉 滤芯 阀门 电缆 卷扬机 搅拌机 传感器 导轨 夹具 喷枪 锅炉 除尘器 "
    "水准仪 打包机"
).split()
ACTS = ("安装 检查 更换 清洗 校验 存放 润滑 拆卸 调整 启动 停用 运输 标定 接线 试压 紧固 点检 保养").split()  # noqa: SIM905 - words read better in a line
TIMES = ("作业前 运行中 交接班时 停机后 检修前 雨后 每班结束后 首次使用前 发生故障时 环境潮湿时").split()  # noqa: SIM905 - words read better in a line
FRAMES = (
    "{time}{act}{term}，{other}与{term}之间的距离不得小于（ ）{unit}。",
    "对{term}进行{act}时，首先应确认{other}的（ ）。",
    "{other}因{act}不当而损坏{term}，其主要原因是（ ）。",
    "下列关于{term}{act}的说法，正确的是（ ）。",
    "{time}发现{term}异常，操作人员应（ ），并报告班组长。",
    "按照规程，{term}的{act}周期为（ ）{period}，{other}除外。",
)
ENDS = ("位置 温度 压力 状态 型号 间隙 电压 转速 标识 流量 厚度 硬度").split()  # noqa: SIM905 - words read better in a line


def made_items(count: int, seed: int = 1) -> list[ItemContent]:
    """Single-choice items of the length that real banks have; the same seed gives the same items."""
    draw = random.Random(seed)
    return [_made(draw) for _ in range(count)]


def _made(draw: random.Random) -> ItemContent:
    words = {
        "time": draw.choice(TIMES),
        "act": draw.choice(ACTS),
        "term": draw.choice(TERMS),
        "other": draw.choice(TERMS),
    }
    stem = draw.choice(FRAMES).format(**words, unit=draw.choice(["米", "毫米"]), period=draw.choice(["天", "个月"]))
    lead = f"{draw.choice(TERMS)}{draw.choice(ACTS)}由{draw.choice(TERMS)}班负责，" if draw.random() < 0.3 else ""
    options = tuple(
        f"{draw.choice(ACTS)}{draw.choice(TERMS)}的{draw.choice(ENDS)}"
        if draw.random() < 0.7
        else str(draw.randint(1, 500))
        for _ in range(4)
    )
    return ItemContent(ItemType.SINGLE, lead + stem, options, draw.choice("ABCD"))
