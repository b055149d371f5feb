"""Countries and the names that stand for them: cities, seats of government, adjectives."""

from __future__ import annotations

from bot.rules.names import Name, names_of

_PLACES: dict[str, tuple[str, ...]] = {
    "US": (
        "U.S.", "U.S", "US", "USA", "America", "American", "Washington", "White House", "United States", "Pentagon",
        "Congress", "Commerce Department", "Capitol Hill", "New Mexico", "美国",
    ),
    "China": (
        "China", "Chinese", "Beijing", "Shenzhen", "Shanghai", "Hangzhou", "Wuhan", "Xi'an", "Xi’an", "MOFCOM", "PRC",
        "National People's Congress", "National People’s Congress", "中国", "北京", "商务部",
    ),
    "Taiwan": ("Taiwan", "Taiwanese", "Taipei", "Chinese Taipei", "Hsinchu", "Kaohsiung", "Tainan", "台湾"),
    "South Korea": (
        "South Korea", "South Korean", "S.Korea", "S. Korea", "Korea", "Korean", "Seoul", "Pyeongtaek", "韩国",
    ),
    "North Korea": ("North Korea", "North Korean", "N.Korea", "N. Korea", "Pyongyang", "朝鲜"),
    "Japan": ("Japan", "Japanese", "Tokyo", "METI", "Kumamoto", "Hiroshima", "日本"),
    "Netherlands": ("Netherlands", "Dutch", "The Hague", "Holland", "Veldhoven", "荷兰"),
    "Germany": ("Germany", "German", "Berlin", "Dresden", "德国"),
    "EU": ("EU", "European Union", "Brussels", "European Commission", "欧盟"),
    "UK": ("UK", "U.K.", "Britain", "British", "London", "英国"),
    "France": ("France", "French", "Paris", "法国"),
    "Malaysia": ("Malaysia", "Malaysian", "Kuala Lumpur", "Penang", "马来西亚"),
    "Singapore": ("Singapore", "Singaporean", "新加坡"),
    "India": ("India", "Indian", "New Delhi", "Gujarat", "印度"),
    "Hong Kong": ("Hong Kong", "香港"),
    "Macau": ("Macau", "Macao", "澳门"),
    "Vietnam": ("Vietnam", "Vietnamese", "Hanoi", "越南"),
    "Thailand": ("Thailand", "Thai", "Bangkok"),
    "UAE": ("UAE", "U.A.E.", "United Arab Emirates", "Abu Dhabi", "Dubai", "Emirati", "Emirates"),
    "Saudi Arabia": ("Saudi Arabia", "Saudi", "Riyadh"),
    "Qatar": ("Qatar", "Qatari", "Doha"),
    "Russia": ("Russia", "Russian", "Moscow", "Kremlin", "俄罗斯"),
    "Belarus": ("Belarus", "Belarusian", "Minsk"),
    "Kazakhstan": ("Kazakhstan", "Kazakh"),
    "Italy": ("Italy", "Italian", "Rome"),
    "Spain": ("Spain", "Spanish", "Madrid"),
    "Belgium": ("Belgium", "Belgian"),
    "Ireland": ("Ireland", "Irish"),
    "Poland": ("Poland", "Polish", "Warsaw"),
    "Switzerland": ("Switzerland", "Swiss"),
    "Sweden": ("Sweden", "Swedish"),
    "Norway": ("Norway", "Norwegian"),
    "Finland": ("Finland", "Finnish"),
    "Austria": ("Austria", "Austrian"),
    "Czech Republic": ("Czech Republic", "Czech", "Czechia", "Prague"),
    "Ukraine": ("Ukraine", "Ukrainian", "Kyiv"),
    "Turkey": ("Türkiye", "Turkey", "Turkish", "Ankara"),
    "Iran": ("Iran", "Iranian", "Tehran"),
    "Pakistan": ("Pakistan", "Pakistani", "Islamabad"),
    "Myanmar": ("Myanmar", "Burma"),
    "Cambodia": ("Cambodia", "Cambodian"),
    "Philippines": ("Philippines", "Philippine", "Manila"),
    "Indonesia": ("Indonesia", "Indonesian", "Jakarta"),
    "Australia": ("Australia", "Australian", "Canberra"),
    "Israel": ("Israel", "Israeli"),
    "Mexico": ("Mexico", "Mexican"),
    "Canada": ("Canada", "Canadian", "Ottawa"),
    "Brazil": ("Brazil", "Brazilian"),
    "Costa Rica": ("Costa Rica",),
}  # fmt: skip
# Newspapers, fairs, money and turns of phrase: the country inside is not what they are about.
_HIDING = (
    "South China Morning Post", "Korea Herald", "Korea Times", "Korea Economic Daily", "Japan Times", "Taipei Times",
    "China Daily", "Times of India", "Washington Post", "Mobile World Congress", "US$", "Bank of America",
    "CONTACT US", "FOLLOW US", "ALL OF US", "BOTH OF US", "MOST OF US", "NONE OF US", "THE REST OF US",
)  # fmt: skip

PLACE_NAMES: list[Name] = [*names_of("place", _PLACES), *(Name(text) for text in _HIDING)]
