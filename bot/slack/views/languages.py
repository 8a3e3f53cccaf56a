"""What to say to somebody who asks in a language that the bot does not read: once in English, once in theirs."""

from __future__ import annotations

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "nb": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
    "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}

_SENTENCES = {
    "ar": "لا أفهم هذه اللغة للأسف، لذلك أحلتُ سؤالك إلى أحد المدربين. رقم التذكرة: {ticket}.",
    "cs": "Tomuto jazyku bohužel nerozumím, proto jsem otázku předal koučovi. Číslo tiketu: {ticket}.",
    "da": "Jeg forstår desværre ikke dette sprog, så spørgsmålet ligger nu hos en coach. Sagsnummer: {ticket}.",
    "de": "Diese Sprache verstehe ich leider nicht; die Frage liegt jetzt bei einem Coach. Ticket: {ticket}.",
    "es": "Lo siento, no entiendo este idioma; he pasado la pregunta a un coach. Número de tique: {ticket}.",
    "fr": "Désolé, je ne comprends pas cette langue ; la question a été transmise à un coach. Ticket : {ticket}.",
    "hu": "Sajnos nem értem ezt a nyelvet, ezért a kérdést továbbítottam egy coachnak. Jegyszám: {ticket}.",
    "it": "Purtroppo non capisco questa lingua; ho passato la domanda a un coach. Ticket: {ticket}.",
    "ja": "申し訳ありませんが、この言語は理解できません。質問を担当コーチに引き継ぎました。チケット番号：{ticket}",
    "ko": "죄송하지만 이 언어를 이해하지 못합니다. 질문을 담당 코치에게 전달했습니다. 티켓 번호: {ticket}",
    "nl": "Deze taal begrijp ik helaas niet; de vraag ligt nu bij een coach. Ticket: {ticket}.",
    "no": "Jeg forstår dessverre ikke dette språket, så spørsmålet ligger nå hos en coach. Saksnummer: {ticket}.",
    "pl": "Niestety nie rozumiem tego języka; pytanie trafiło do trenera. Numer zgłoszenia: {ticket}.",
    "pt": "Infelizmente não entendo este idioma; a pergunta foi encaminhada a um coach. Ticket: {ticket}.",
    "ro": "Din păcate nu înțeleg această limbă; am transmis întrebarea unui coach. Tichet: {ticket}.",
    "ru": "К сожалению, я не понимаю этот язык, поэтому вопрос передан коучу. Номер заявки: {ticket}.",
    "sv": "Jag förstår tyvärr inte det här språket, så frågan ligger nu hos en coach. Ärendenummer: {ticket}.",
    "tr": "Ne yazık ki bu dili anlamıyorum; soruyu bir koça ilettim. Kayıt numarası: {ticket}.",
    "uk": "На жаль, я не розумію цієї мови, тому питання передано коучу. Номер звернення: {ticket}.",
    "zh": "抱歉，我看不懂这种语言，已将您的问题转交给辅导员。工单编号：{ticket}。",
}


def in_their_language(language: str, ticket: str) -> str:
    """That a coach has the question, in mrkdwn and in this language; empty where we do not know how to say it."""
    sentence = _SENTENCES.get("no" if language in ("nb", "nn") else language)
    return sentence.format(ticket=f"*{ticket}*") if sentence else ""


def name_of(language: str) -> str:
    """The English name of a language, for coaches."""
    return NAMES.get(language, f"another language ({language})")
