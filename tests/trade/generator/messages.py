"""Writes the world's events as the bytes of Canal messages and page logs."""

import json

from .. import clock

_quote = json.encoder.encode_basestring


def _text(value):
    return "null" if value is None else _quote(value)


def order_row(order, status, updated, total="100.00"):
    """The image of an order in one state, as Canal writes it: every value a string."""
    return (
        f'{{"id":"{order.id}","consignee":"张三","total_amount":"{total}",'
        f'"order_status":"{status}","user_id":{_text(order.user)},'
        f'"province_id":{_text(order.province)},'
        f'"create_time":"{clock.format_local(order.created)}",'
        f'"update_time":"{clock.format_local(updated)}"}}'
    )


def old_status(status, updated):
    """What Canal's `old` holds when a status change replaces these values."""
    return f'{{"order_status":"{status}","update_time":"{clock.format_local(updated)}"}}'


def detail_row(detail):
    return (
        f'{{"id":{_text(detail.id)},"order_id":{_text(detail.order_id)},"sku_id":"{detail.sku}",'
        f'"sku_name":"商品 {detail.sku}","sku_num":{_text(detail.number)},'
        f'"split_total_amount":{_text(detail.amount)},"create_time":{_created(detail.created)}}}'
    )


def _created(value):
    """Faults give texts, the world gives times."""
    return _text(clock.format_local(value) if isinstance(value, int) else value)


def canal(table, operation, rows, arrival, old=None):
    """One message of several rows; old is a list of images of the changed columns, for updates."""
    before = "null" if old is None else "[" + ",".join(old) + "]"
    millis = arrival // 1000
    return (
        f'{{"data":[{",".join(rows)}],"database":"gmall","es":{millis - 5},'
        f'"id":{millis % 100000},"isDdl":false,"mysqlType":{{"id":"bigint"}},"old":{before},'
        f'"pkNames":["id"],"sql":"","sqlType":{{"id":-5}},"table":"{table}",'
        f'"ts":{millis},"type":"{operation}"}}'
    ).encode()


def ddl(table, arrival):
    millis = arrival // 1000
    return (
        f'{{"data":null,"database":"gmall","es":{millis},"id":1,"isDdl":true,"mysqlType":null,'
        f'"old":null,"pkNames":null,"sql":"ALTER TABLE {table} ADD COLUMN note text",'
        f'"sqlType":null,"table":"{table}","ts":{millis},"type":"ALTER"}}'
    ).encode()


def page_log(page, ascii_only=False):
    """A page view; parts of `common` that are None are left out."""
    quote = json.encoder.encode_basestring_ascii if ascii_only else _quote
    channel = "" if page.channel is None else f'"ch":{quote(page.channel)},'
    mid = "" if page.mid is None else f'"mid":{quote(page.mid)},'
    millis = page.time // 1000
    return (
        f'{{"common":{{"ar":"110000",{channel}{mid}"os":"Android 11.0"}},'
        f'"page":{{"page_id":"{page.page}","during_time":{millis % 20000}}},"ts":{millis}}}'
    ).encode()
