"""Names for headers in letters that no name of a plan can have."""

from __future__ import annotations

import re

_PERSIAN = {
    "تاریخ": "date",
    "روز": "day",
    "ماه": "month",
    "سال": "year",
    "ساعت": "hour",
    "زمان": "time",
    "شماره": "number",
    "شناسه": "id",
    "کد": "code",
    "نام": "name",
    "سفارش": "order",
    "سفارشات": "orders",
    "سفارشها": "orders",
    "مشتری": "customer",
    "مشتریان": "customers",
    "محصول": "product",
    "کالا": "product",
    "دسته": "category",
    "تعداد": "quantity",
    "مبلغ": "amount",
    "قیمت": "price",
    "فروش": "sales",
    "درآمد": "revenue",
    "هزینه": "cost",
    "تخفیف": "discount",
    "مالیات": "tax",
    "ارسال": "shipping",
    "سود": "profit",
    "کانال": "channel",
    "منبع": "source",
    "کمپین": "campaign",
    "تبلیغ": "ad",
    "تبلیغات": "ads",
    "کلیک": "clicks",
    "نمایش": "impressions",
    "بازدید": "visits",
    "جلسه": "sessions",
    "کاربر": "users",
    "شهر": "city",
    "استان": "province",
    "کشور": "country",
    "دستگاه": "device",
    "وضعیت": "status",
    "ایمیل": "email",
    "تلفن": "phone",
    "موبایل": "phone",
    "گزارش": "report",
}
_LATER_NOUN = frozenset({"number", "id", "code", "name", "date", "price", "status"})


def in_english(header: str) -> str:
    """Return a Persian header by the usual English words, where all of its words are known; else as it is.

    ``شماره سفارش`` is ``order number``: what is of something stands behind it.
    """
    plain = header.replace("ي", "ی").replace("ك", "ک").replace("\u200c", "").replace("ة", "ه")
    words = [_PERSIAN.get(word) for word in re.findall(r"[^\W\d_]+", plain)]
    known = [word for word in words if word]
    if not words or len(known) < len(words):
        return header
    if len(known) > 1 and known[0] in _LATER_NOUN:
        known = [*known[1:], known[0]]
    return " ".join(known)
