# ruff: noqa: E501 - word lists and tables read better unbroken
"""Small word lists of the claim checker, written by hand from everyday English.

Groups of words that may stand for each other, pairs that turn a meaning round, and the words of negation, modality,
quantity and condition. Words are given as stems are made (`text.stem`), so that one form stands for all of its forms.
"""

from __future__ import annotations

from collections.abc import Iterable

from threadwise.advice.claims.text import stem


def _groups(text: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(line for line in text.splitlines() if line.strip()):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


SYNONYMS = _groups("""
buy purchase get acquire pick order
get receive obtain gain have
cheap inexpensive affordable budget low-cost
expensive pricey costly dear
help assist aid work benefit useful effective
work function effective succeed
fix repair mend solve cure sort resolve remedy
start begin commence launch open
stop quit cease end halt finish discontinue avoid
finish end complete done
keep maintain retain hold stay leave remain continue
remain stay keep
remove take pull strip detach
put place set lay position stick
throw bin discard toss chuck dispose trash
big large huge great sizeable
small little tiny minor short
quick fast rapid swift soon
slow gradual slowly
wet damp moist soggy soaked
dry arid
wash clean rinse scrub
wipe clean rub
clean tidy
check inspect examine test look verify see
look see watch view examine
show display reveal indicate
tell inform say mention let
say state mention tell report claim note
ask request enquire inquire question
ring call phone telephone contact
write note record jot log
think believe reckon feel consider suppose
feel sense notice
notice spot see observe feel
find discover locate get
need require want must
want wish like desire
like enjoy love
try attempt test
change alter switch swap modify replace adjust
replace swap change substitute exchange renew
choose pick select opt go
move shift transfer relocate
raise lift increase elevate up
lower reduce drop decrease cut down lessen
reduce lower cut decrease lessen shrink limit
increase raise grow boost rise add
improve better enhance help
worse worsen deteriorate bad
bad poor awful terrible nasty wrong
good fine well nice great okay
great excellent brilliant perfect wonderful fantastic amazing
easy simple straightforward effortless
hard difficult tough tricky
hard firm solid stiff
soft gentle mild
soft squishy mushy
tight taut firm snug
loose slack
break snap crack fail fracture
crack split break
hurt ache pain sore painful
pain ache soreness hurt
tired exhausted sleepy fatigued weary worn
sleep asleep doze slumber nap rest
wake awake awaken
bed bedtime
night overnight nightly
morning am
evening pm
child kid son daughter boy girl toddler youngster
dog puppy pup hound canine
cat kitten kitty
baby infant
wife partner spouse
husband partner spouse
doctor gp physician medic
vet veterinarian
doctor medical
shop store supermarket retailer
market shop
workshop garage shop mechanic
flat apartment home
house home
rent tenant renter
landlord owner
money cash funds
pay spend cost
cost price charge fee
save economise
bill invoice
wage salary pay income earnings
job work employment
boss manager employer
colleague coworker workmate
friend mate pal buddy
neighbour neighbor
road street
car vehicle auto
bike bicycle cycle
ride cycle
tyre tire
tube inner
walk stroll hike
run jog
lead leash
rubbish trash garbage waste bin
tap faucet
hob stove cooker stovetop
cooker stove oven
fridge refrigerator
pan skillet frypan pot
pot planter container
lid cover top
cover wrap
cloth rag towel
kitchen cooking
meal dinner lunch food supper
food meal groceries
eat consume have
drink sip consume
boil simmer
cut chop slice trim prune
trim cut prune
water irrigate
soil compost earth dirt substrate
leaf foliage
plant houseplant
feed fertilise fertilizer fertiliser fertilize nutrient
light lamp bulb
sun sunlight sunshine
window pane
wall
ceiling
floor ground
mould mold mildew fungus
gap crack hole
hole opening puncture
glue adhesive
tape
screw bolt
pipe tube
drain outflow plughole
leak drip
noise sound racket
squeak creak squeal screech
loud noisy
quiet silent calm peaceful
phone mobile smartphone cell
screen display
read study
study learn revise
exam test
teach instruct train
practise practice train rehearse
note
teacher tutor instructor
student pupil learner
remember recall memorise
forget
write
word
question
answer reply respond
method technique way approach system
way method approach means manner
trick tip technique
tip advice hint suggestion
advise recommend suggest counsel
recommend suggest advise
warn caution
reason cause why
cause reason due trigger lead make
result outcome effect consequence
effect result impact influence
problem issue trouble difficulty
mistake error
danger risk hazard unsafe dangerous
dangerous risky hazardous unsafe harmful
safe secure harmless
careful cautious caution
often frequent frequently regularly
regular regularly steady
usual usually normally generally typically mostly
normal ordinary usual regular standard
sometimes occasionally
rare rarely seldom
always constantly invariably
never
now currently today
immediately now straightaway instantly promptly
later afterwards subsequently
before earlier prior beforehand ahead
after afterwards following once later
then afterwards next
during while
again anew
together jointly both
alone solo solitary
enough sufficient adequate plenty
extra additional more spare
entire whole complete all
part portion section piece
half
both
same identical equal
different another other
other another alternative
main chief primary key
important crucial vital essential key
right correct proper properly
wrong incorrect
true real
probably likely
perhaps maybe possibly might
definitely certainly surely
completely fully totally entirely thoroughly
nearly almost practically
about around approximately roughly some
only just merely solely
also too additionally
very really extremely
thick dense
thin slim fine
thin
warm lukewarm tepid
hot boiling
cold chilly cool
cool chill
heat warm
warm
oil lubricate lube grease
grease lubricate
rough coarse
sand sandpaper
smooth even
sharp keen
sharpen hone whet
blunt dull
dull boring dim
bright well-lit
dark dim
empty drain vacant
fill stuff top
full filled
heavy weighty
light lightweight
strong sturdy robust powerful
weak feeble
long lengthy
lengthen extend
short brief
shorten
high tall
low
deep
far distant
near close by beside next
close shut
open
press push
push shove press
pull tug drag
carry bring take
bring fetch take
send post mail
give hand offer provide
offer propose give
provide supply give
share split divide
split divide separate
separate apart
join connect link attach
attach fasten fix secure mount
fit install mount
install fit
build construct make
make create produce
use utilise employ apply
apply put use
allow let permit
let permit
prevent stop avoid keep
avoid dodge prevent skip shun
skip omit miss
miss skip
wait hold pause delay
delay postpone
hurry rush
rest relax recover
recover heal
heal recover
doze nap
exercise workout train
stretch
strengthen build
muscle
stomach tummy belly
vomit sick
sick ill unwell
ill unwell sick
medicine medication drug
pill tablet
dose amount
amount quantity
figure number
measure gauge
weigh
weight mass
count number
add include
include contain
contain hold
mix combine blend stir
stir mix
pour tip
tip empty pour
spread
sprinkle scatter
scatter spread
hide conceal
lose
lost
win
plan schedule
schedule timetable plan
prepare ready
ready prepared
arrange organise
organise arrange sort
list
label mark tag
mark label
pack box
box container crate carton
crate box
bag sack
suitcase
furniture
blanket duvet cover
pillow cushion
cushion reserve buffer
reserve fund savings buffer
savings fund
debt loan borrowing
loan borrow lend
card
bank
account
sign
agree accept
accept take
refuse decline reject
cancel terminate
contract agreement
agreement deal
insurance
law legal
legal
fine penalty
person people someone somebody one
people folk folks persons
everyone everybody all
nobody none
man guy bloke
woman lady
thing item stuff
stuff things items
place spot location
spot place mark
area region zone
side edge
edge rim side
top upper
bottom base lower
base bottom
front forward
back rear behind
rear back
inside within interior inner indoors
outside outdoors exterior
middle centre
centre center middle
end tip
day daily
daily day everyday
week weekly
weekly week
month monthly
monthly month
year yearly annual annually
hour hourly
minute
second
fortnight
summer
winter
weather
rain
snow
wind
storm
excited wound hyper
calm settle soothe relax
settle calm
afraid scared frightened fearful
scared afraid frightened
angry annoyed cross mad
annoyed irritated
happy glad pleased
sad unhappy
worried anxious nervous concerned
worry concern
bore boring
fun enjoyable
reward treat
treat reward snack
punish scold
bite nip
chew gnaw
bark
growl
howl cry whine whimper
cry howl sob whine weep
toilet loo wee pee
pee wee urinate urine
lick
smell odour stink scent
stink smell reek
taste flavour
swell puff
itch
rash
bleed
burn scorch
""")
"""Words that may stand for each other, by group; written for everyday subjects, longer lists add little."""


def _pairs(text: str) -> frozenset[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for line in text.splitlines():
        left, _, right = line.partition("|")
        for one in left.split():
            for other in right.split():
                if stem(one) != stem(other):
                    found.add(frozenset((stem(one), stem(other))))
    return frozenset(found)


OPPOSITES = _pairs("""
before prior earlier|after afterwards later following
first|last
more extra|less fewer
most|least
many much lots|few little
increase raise rise add grow boost up more higher upward|reduce lower decrease drop cut shrink down less lessen fall downward
upper top above over|lower bottom below under beneath
hot warm lukewarm heated boiling|cold cool icy chilled frozen
heat warm|cool chill
left|right
left-hand|right-hand
front forward forwards ahead|back rear behind backward backwards
inside in inner indoors interior within|outside out outer outdoors exterior
open|close shut closed
start begin|stop end quit finish
on|off
fast quick quickly|slow slowly
big large bigger larger|small little tiny smaller
wide wider|narrow narrower
thick thicker|thin thinner
long longer|short shorter
high higher tall|low lower
deep|shallow
hard firm firmer harder stiff|soft softer
tight tighter tighten|loose looser loosen
wet damp moist|dry
full|empty
heavy heavier|light lighter
strong stronger|weak weaker
new newer fresh|old older stale used
early earlier|late later
morning|evening night afternoon
day daytime|night nighttime
summer|winter
spring|autumn fall
weekday|weekend
indoors|outdoors
buy|sell
lend|borrow
give|take
add|remove
push|pull
fill|drain empty
save|spend
gain|lose
win|lose
accept agree|refuse reject decline
allow permit|forbid ban
include|exclude
better good best|worse bad worst
helped help|hurt harm
easy easier|hard difficult harder
cheap cheaper|expensive dearer pricier
safe|dangerous unsafe risky
right correct|wrong incorrect
always|never sometimes rarely
often usually|rarely seldom never
everyone everybody all|nobody none some few
everything|nothing
with|without
for|against
together|apart separately
near close|far
north|south
east|west
clockwise|anticlockwise counterclockwise
horizontal horizontally|vertical vertically
bright|dark dim
loud noisy|quiet silent
calm|excited
alive|dead
awake|asleep
clean|dirty
smooth|rough
sharp|dull blunt
raw|cooked
sweet|salty sour
acid|alkaline
male|female
husband|wife
mother mum|father dad
son|daughter
brother|sister
boy|girl
boyfriend|girlfriend
man|woman
asker|adviser
landlord|tenant
buyer|seller
teacher|student
doctor|patient
minimum least|maximum most
min|max
plus|minus
positive|negative
true|false
public|private
upstairs|downstairs
uphill|downhill
upwards|downwards
sunny|shady
sun|shade
south-facing|north-facing
vinegar|alcohol
oldest|newest youngest
heating|cooling
""")
"""Pairs that turn a statement round."""

_MERE_ANTONYMS = frozenset(stem(word) for pair in OPPOSITES for word in pair)


def opposed(word: str, words: Iterable[str]) -> bool:
    """Whether a stem has an opposite among stems."""
    return word in _MERE_ANTONYMS and any(frozenset((word, other)) in OPPOSITES for other in words)


def alike(one: str, other: str) -> bool:
    """Whether two stems may stand for each other."""
    groups = SYNONYMS.get(one)
    return bool(groups and groups & SYNONYMS.get(other, frozenset())) and frozenset((one, other)) not in OPPOSITES


NEGATORS = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly barely scarcely nowhere n't".split()
)
NEGATIVE_VERBS = frozenset(
    stem(w) for w in "avoid stop refuse prevent skip forbid quit fail lack unable refrain resist".split()
)

WEAK = {
    word: strength
    for strength, words in (
        (1, "might may maybe perhaps possibly could conceivably supposedly apparently allegedly guess suspect wonder "
            "unsure hopefully seem seems seemed sounds"),
        (2, "probably likely presumably think thinks thought believe reckon suppose feel imagine expect usually often "
            "mostly generally normally typically sometimes occasionally can tends tend somewhat partly some"),
    )
    for word in words.split()
}  # fmt: skip
STRONG = frozenset(
    "must always never definitely certainly guaranteed surely undoubtedly absolutely every everyone everybody all only cannot impossible entirely completely totally proven cures".split()
)
OBLIGE = frozenset("must have-to need needs required necessary essential crucial vital mandatory".split())

QUANTITY = {
    word: rank
    for rank, words in enumerate(
        (
            "no none nobody nothing zero",
            "few hardly rarely seldom little",
            "some several sometimes occasionally part partly",
            "many often half lots much",
            "most mostly usually majority generally",
            "all every everyone everybody everything always each entire whole never",
        )
    )
    for word in words.split()
}
CONDITION = frozenset(
    "if unless when whenever until till provided providing except once while where otherwise only".split()
)
