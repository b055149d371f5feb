"""The headlines of the end-to-end tests: relevant ones, each of an event of its own, and noise."""

RELEVANT = (
    "US grants Nvidia licence to ship H20 accelerators to China",
    "Dutch government withdraws ASML permit for immersion tool spares bound for Shanghai",
    "Japan adds etching gases to list of chipmaking exports that need approval",
    "Taiwan puts SMIC and Huawei on its strategic export control list",
    "China bars state data centres from buying Micron memory chips",
    "South Korea says Samsung keeps US waiver for its Xi'an plant until 2028",
    "Malaysia arrests four over smuggled AI servers headed for Shenzhen",
    "Washington proposes 30% tariff on imported legacy semiconductors",
    "Beijing halts gallium shipments to American chipmakers in reply to new curbs",
    "Applied Materials fined $75 million for unlicensed tool exports to China",
    "AMD says export curbs on MI308 will cost it $700 million this quarter",
    "US blacklists Biren and nine other Chinese chip designers",
    "Germany blocks export of Aixtron deposition tools to Chinese buyer",
    "Commerce Department revokes Intel licence to sell laptop processors to Huawei",
    "Senators introduce bill to make exporters track where AI chips end up",
    "China opens antitrust probe into Qualcomm as chip trade fight widens",
    "Synopsis and Cadence may again sell EDA software to Chinese customers, US tells them".replace(
        "Synopsis", "Synopsys"
    ),
    "Singapore charges trader with misdeclaring Nvidia GPU shipments",
)
NOISE = (
    "Local bakery wins regional prize for sourdough",
    "Parliament votes to extend summer recess by a week",
    "Striker signs four-year contract with coastal club",
    "Central bank leaves rates unchanged, sees slower growth",
    "Airline orders 40 narrow-body jets for short routes",
    "Farmers ask for relief after hail damages orchards",
    "Potato chip brand recalls a batch over labelling",
    "New season of detective drama starts on Sunday",
    "Steel tariffs weigh on car makers' margins",
    "City opens 12 km of cycle lanes along the river",
    "Museum returns two bronze figures to their village",
    "Heavy rain closes mountain pass for second day",
)
OLD = ("US suspends all licences for chip tool makers serving Chinese memory fabs",)
BEFORE_START = (
    "Netherlands limits exports of deep ultraviolet lithography machines",
    "US orders Nvidia to stop selling A800 chips to China",
)
