# ruff: noqa: E501 - a pasted text reads better on a line
"""Threads as people paste them, written for these tests, and how each is to be understood.

One example: its name, the text, the title, and the posts as (who asks "A" or replies "R", author, created, text).
"""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    role: str
    text: str
    author: str | None = None
    created: str | None = None
    reply_to: str | None = None


class Example(NamedTuple):
    name: str
    text: str
    title: str
    posts: tuple[Said, ...]


def asked(text: str, author: str | None = None, created: str | None = None, reply_to: str | None = None) -> Said:
    return Said("asker", text, author, created, reply_to)


def replied(text: str, author: str | None = None, created: str | None = None, reply_to: str | None = None) -> Said:
    return Said("replier", text, author, created, reply_to)


EXAMPLES = (
    Example(
        "round bullets, indented, the asker returns",
        """Stiff neck from desk work

I sit eight hours a day and my neck is like concrete by 4 pm.

Any exercises that help?


  • Chin tucks, ten every hour. Sounds silly, works.

    Raise your screen too.

  • I had the same, a better chair fixed mine.

  • Thanks both! I'll try the chin tucks tomorrow and report back.
""",
        "Stiff neck from desk work",
        (
            asked("I sit eight hours a day and my neck is like concrete by 4 pm.\n\nAny exercises that help?"),
            replied("Chin tucks, ten every hour. Sounds silly, works.\n\nRaise your screen too."),
            replied("I had the same, a better chair fixed mine."),
            asked("Thanks both! I'll try the chin tucks tomorrow and report back."),
        ),
    ),
    Example(
        "hyphens without gaps, directly under the question",
        "Yellow leaves on my basil\nThe lower leaves of my basil go yellow, what is wrong?\n- Too much water.\n"
        "- Give it a bigger pot and some sun.",
        "Yellow leaves on my basil",
        (
            asked("The lower leaves of my basil go yellow, what is wrong?"),
            replied("Too much water."),
            replied("Give it a bigger pot and some sun."),
        ),
    ),
    Example(
        "a title that is the whole question, stars",
        "How do I get rid of fungus gnats?\n\n* Let the soil dry out between waterings.\n* Sticky yellow traps.\n",
        "How do I get rid of fungus gnats?",
        (
            asked("How do I get rid of fungus gnats?"),
            replied("Let the soil dry out between waterings."),
            replied("Sticky yellow traps."),
        ),
    ),
    Example(
        "numbers with dots, continued below without indentation",
        "Puppy bites everything\n\nShe is ten weeks old and bites hands, shoes, the sofa. What did you do?\n\n"
        "1. Swap the hand for a toy every time.\n\nIt takes weeks, not days.\n\n2. Yelp and walk away.\n\n3. More sleep!",
        "Puppy bites everything",
        (
            asked("She is ten weeks old and bites hands, shoes, the sofa. What did you do?"),
            replied("Swap the hand for a toy every time.\n\nIt takes weeks, not days."),
            replied("Yelp and walk away."),
            replied("More sleep!"),
        ),
    ),
    Example(
        "numbers in round brackets, letters nested in a reply",
        "Moving with two cats\n\nFive hours in the car. How?\n\n1) Carrier in the living room for a week before.\n"
        "   a) food inside\n   b) door open\n2) Ask the vet.\n",
        "Moving with two cats",
        (
            asked("Five hours in the car. How?"),
            replied("Carrier in the living room for a week before.\na) food inside\nb) door open"),
            replied("Ask the vet."),
        ),
    ),
    Example(
        "letters",
        "Bread does not rise\n\nMy dough stays flat since we moved. Ideas?\n\na) Your yeast is dead.\n\nb) Warmer spot.\n",
        "Bread does not rise",
        (asked("My dough stays flat since we moved. Ideas?"), replied("Your yeast is dead."), replied("Warmer spot.")),
    ),
    Example(
        "en dashes and middle dots",
        "Squeaky stairs\n\nEvery step squeaks, who knows a trick?\n\n– Talcum powder in the joints.\n– Screws from above.\n",
        "Squeaky stairs",
        (
            asked("Every step squeaks, who knows a trick?"),
            replied("Talcum powder in the joints."),
            replied("Screws from above."),
        ),
    ),
    Example(
        "middle dots without a space",
        "Squeaky stairs\n\nEvery step squeaks, who knows a trick?\n\n·Talcum powder in the joints.\n·Screws from above.\n",
        "Squeaky stairs",
        (
            asked("Every step squeaks, who knows a trick?"),
            replied("Talcum powder in the joints."),
            replied("Screws from above."),
        ),
    ),
    Example(
        "a list inside the question, then replies with the same bullets",
        "Can't sleep after late shifts\n\nWhat I have tried:\n- melatonin\n- no phone\n\nNothing works. Any ideas?\n\n"
        "- Blackout curtains changed my life.\n\n- Eat before the shift ends, not after.\n",
        "Can't sleep after late shifts",
        (
            asked("What I have tried:\n- melatonin\n- no phone\n\nNothing works. Any ideas?"),
            replied("Blackout curtains changed my life."),
            replied("Eat before the shift ends, not after."),
        ),
    ),
    Example(
        "only a list inside the question, no replies",
        "My first budget\n\nDoes this look sane? Per month I spend:\n\n- 700 rent\n- 250 food\n- 90 bus and bike\n",
        "My first budget",
        (asked("Does this look sane? Per month I spend:\n\n- 700 rent\n- 250 food\n- 90 bus and bike"),),
    ),
    Example(
        "name wrote, twice by the asker",
        "Chain keeps slipping\n\nmara wrote:\nIt slips on the small ring only. What could it be?\n\n"
        "tobi wrote:\nWorn cassette. Measure the chain first.\n\nmara wrote:\nMeasured, it's long gone. Thanks!\n",
        "Chain keeps slipping",
        (
            asked("It slips on the small ring only. What could it be?", "mara"),
            replied("Worn cassette. Measure the chain first.", "tobi"),
            asked("Measured, it's long gone. Thanks!", "mara"),
        ),
    ),
    Example(
        "bare names, a chat",
        "mara: my knee hurts going downhill, any tips?\ntobi: shorter steps, that did it for me\n"
        "mara: thanks, will try\n",
        "my knee hurts going downhill, any tips?",
        (
            asked("my knee hurts going downhill, any tips?", "mara"),
            replied("shorter steps, that did it for me", "tobi"),
            asked("thanks, will try", "mara"),
        ),
    ),
    Example(
        "mail style headings with dates",
        "Damp bedroom wall\n\nThe outer wall is wet every winter. What would you do?\n\n"
        "On 4 March 2024, oldgoat57 wrote:\n\nVentilate twice a day, five minutes, windows wide open.\n\n"
        "On Tue, 5 Mar 2024 at 08:15, Li Wen <li@example.org> wrote:\n\nHave the gutter checked first.\n",
        "Damp bedroom wall",
        (
            asked("The outer wall is wet every winter. What would you do?"),
            replied("Ventilate twice a day, five minutes, windows wide open.", "oldgoat57", "2024-03-04"),
            replied("Have the gutter checked first.", "Li Wen", "2024-03-05T08:15:00"),
        ),
    ),
    Example(
        "posted by, with dates",
        "Leaving a puppy alone\n\nPosted by hanneli on 2024-03-04\n\nHow long is too long at five months?\n\n"
        "Posted by mo_fixes on 2024-03-05\n\nThree hours here, built up over weeks.\n\n"
        "Posted by hanneli on 2024-03-09\n\nWe are at two. Thank you!\n",
        "Leaving a puppy alone",
        (
            asked("How long is too long at five months?", "hanneli", "2024-03-04"),
            replied("Three hours here, built up over weeks.", "mo_fixes", "2024-03-05"),
            asked("We are at two. Thank you!", "hanneli", "2024-03-09"),
        ),
    ),
    Example(
        "name and date on one line",
        "Best cheap desk lamp?\n\njuno · 12 Jan 2023\n\nNeed one for night shifts, under 40.\n\n"
        "kat (2023-01-12 21:40)\n\nThe swing arm ones from the big Swedish shop.\n",
        "Best cheap desk lamp?",
        (
            asked("Need one for night shifts, under 40.", "juno", "2023-01-12"),
            replied("The swing arm ones from the big Swedish shop.", "kat", "2023-01-12T21:40"),
        ),
    ),
    Example(
        "ages instead of dates",
        "Best cheap desk lamp?\n\njuno 3 hours ago\n\nNeed one for night shifts, under 40.\n\n"
        "kat 12 points 2 hours ago\n\nClamp lamp. Never looked back.\n",
        "Best cheap desk lamp?",
        (asked("Need one for night shifts, under 40.", "juno"), replied("Clamp lamp. Never looked back.", "kat")),
    ),
    Example(
        "labels for question and replies",
        "Question: My sourdough is too sour, what can I change?\n\nReply 1: Feed it more often.\n\n"
        "Reply 2: Less time in the fridge.\n\nStart at room temperature.\n",
        "My sourdough is too sour, what can I change?",
        (
            asked("My sourdough is too sour, what can I change?"),
            replied("Feed it more often."),
            replied("Less time in the fridge.\n\nStart at room temperature."),
        ),
    ),
    Example(
        "labels with names",
        "Flat tyre again\n\nThird flat this month, same wheel. Why?\n\nAnswer (tobi):\nCheck the rim tape.\n\n"
        "Answer by juno:\nRun a cotton ball inside the tyre.\n",
        "Flat tyre again",
        (
            asked("Third flat this month, same wheel. Why?"),
            replied("Check the rim tape.", "tobi"),
            replied("Run a cotton ball inside the tyre.", "juno"),
        ),
    ),
    Example(
        "question and answer by their letters",
        "Q: How often do I repot a monstera?\nA: Every two years, in spring.\n",
        "How often do I repot a monstera?",
        (asked("How often do I repot a monstera?"), replied("Every two years, in spring.")),
    ),
    Example(
        "rules between the posts",
        "Rent too high?\n\nThey want 60 more a month. Can they?\n\n---\n\nDepends where you live. Ask the tenants' union.\n\n"
        "---\n\ntobi, 4 March 2024\nThey have to give a reason in writing.\n",
        "Rent too high?",
        (
            asked("They want 60 more a month. Can they?"),
            replied("Depends where you live. Ask the tenants' union."),
            replied("They have to give a reason in writing.", "tobi", "2024-03-04"),
        ),
    ),
    Example(
        "an underlined title and long rules",
        "Mould on the ceiling\n====================\n\nBlack dots over the shower, bleach or paint?\n\n"
        "----------------------------------------\nBleach, then fix the fan.\n"
        "----------------------------------------\nThanks, the fan was dead. It worked!\n",
        "Mould on the ceiling",
        (
            asked("Black dots over the shower, bleach or paint?"),
            replied("Bleach, then fix the fan."),
            asked("Thanks, the fan was dead. It worked!"),
        ),
    ),
    Example(
        "nothing but empty lines",
        "Side stitch at km 3\n\nIt always comes at the same place. Any advice?\n\nTry breathing out on the left foot.\n\n"
        "You probably eat too late, two hours before a run is my limit.\n\nThanks everyone, I'll give the breathing a go!\n",
        "Side stitch at km 3",
        (
            asked("It always comes at the same place. Any advice?"),
            replied("Try breathing out on the left foot."),
            replied("You probably eat too late, two hours before a run is my limit."),
            asked("Thanks everyone, I'll give the breathing a go!"),
        ),
    ),
    Example(
        "wide gaps between posts, narrow ones within",
        "Soup too salty\n\nI put in the salt twice.\n\nCan it be saved?\n\n\nA raw potato, 20 minutes.\n\nTake it out after.\n\n\n"
        "More water and lentils.\n",
        "Soup too salty",
        (
            asked("I put in the salt twice.\n\nCan it be saved?"),
            replied("A raw potato, 20 minutes.\n\nTake it out after."),
            replied("More water and lentils."),
        ),
    ),
    Example(
        "a long question alone stays one post",
        "Where do I start\n\nI moved out last month and have never cooked.\n\nMy kitchen has two plates and a pan.\n\n"
        "What should I learn first?\n\nThanks in advance!\n",
        "Where do I start",
        (
            asked(
                "I moved out last month and have never cooked.\n\nMy kitchen has two plates and a pan.\n\n"
                "What should I learn first?\n\nThanks in advance!"
            ),
        ),
    ),
    Example(
        "replies that quote",
        "Waking at three\n\nI wake at 3 every night. What helps you?\n\nNo wine after dinner, and get up instead of lying there.\n\n"
        "> No wine after dinner\n\nSeconded. It took two weeks here.\n\n> I wake at 3 every night.\n\nIs it the heating coming on?\n",
        "Waking at three",
        (
            asked("I wake at 3 every night. What helps you?"),
            replied("No wine after dinner, and get up instead of lying there."),
            replied("> No wine after dinner\n\nSeconded. It took two weeks here.", reply_to="2"),
            replied("> I wake at 3 every night.\n\nIs it the heating coming on?", reply_to="1"),
        ),
    ),
    Example(
        "quotes under the name of the one who is quoted",
        "Waking at three\n\nI wake at 3 every night. What helps you?\n\ntobi wrote:\n> I wake at 3 every night.\n\n"
        "Get up and read something dull.\n",
        "Waking at three",
        (
            asked("I wake at 3 every night. What helps you?"),
            replied("tobi wrote:\n> I wake at 3 every night.\n\nGet up and read something dull.", reply_to="1"),
        ),
    ),
    Example(
        "a heading above a quote of somebody else announces a post, above one's own words it names who is quoted",
        "Stairs\n\nAnn wrote:\nThe third step squeaks. What helps?\n\nJohn wrote:\nRub dry soap into the joint.\n\n"
        "Mary wrote:\n> Rub dry soap into the joint.\nThat made it worse. Screw it from below.\n\nTobi wrote:\n\nMary wrote:\n"
        "> Screw it from below.\n\nHow long a screw?\n\nKat wrote:\n> John wrote:\n> Rub wet soap into it.\n\nDry, he said.\n",
        "Stairs",
        (
            asked("The third step squeaks. What helps?", "Ann"),
            replied("Rub dry soap into the joint.", "John"),
            replied("> Rub dry soap into the joint.\nThat made it worse. Screw it from below.", "Mary", reply_to="2"),
            replied("Mary wrote:\n> Screw it from below.\n\nHow long a screw?", "Tobi", reply_to="3"),
            replied("> John wrote:\n> Rub wet soap into it.\n\nDry, he said.", "Kat"),
        ),
    ),
    Example(
        "a first reply that quotes the question under its own heading",
        "Waking at three\n\nI wake at 3 every night. What helps you?\n\ntobi wrote:\n> I wake at 3 every night.\n\nNo wine.\n\n"
        "kat wrote:\nGet up and read something dull.\n",
        "Waking at three",
        (
            asked("I wake at 3 every night. What helps you?"),
            replied("> I wake at 3 every night.\n\nNo wine.", "tobi", reply_to="1"),
            replied("Get up and read something dull.", "kat"),
        ),
    ),
    Example(
        "Re: headings with from and date",
        "Wet commute\n\nHow do you arrive dry?\n\nRe: Wet commute\nFrom: tobi\nDate: 2024-10-02 08:00\n\nMudguards first, cape second.\n\n"
        "Re: Wet commute\nFrom: kat\n\nI keep a second pair of trousers at work.\n",
        "Wet commute",
        (
            asked("How do you arrive dry?"),
            replied("Mudguards first, cape second.", "tobi", "2024-10-02T08:00"),
            replied("I keep a second pair of trousers at work.", "kat"),
        ),
    ),
    Example(
        "bullets with names in them, the asker by name",
        "Nap or coffee\n\nmara: Which one for the 2 pm slump?\n\n- tobi: A nap, 15 minutes, alarm on.\n- kat: Coffee, then a nap.\n",
        "Nap or coffee",
        (
            asked("Which one for the 2 pm slump?", "mara"),
            replied("A nap, 15 minutes, alarm on.", "tobi"),
            replied("Coffee, then a nap.", "kat"),
        ),
    ),
    Example(
        "a section line before the replies",
        "Learning words\n\nHow do you remember vocabulary?\n\n3 Replies\n\nSpaced repetition.\n\nRead children's books.\n\nSticky notes on furniture.\n",
        "Learning words",
        (
            asked("How do you remember vocabulary?"),
            replied("Spaced repetition."),
            replied("Read children's books."),
            replied("Sticky notes on furniture."),
        ),
    ),
    Example(
        "the original poster is marked",
        "Two job offers\n\nkim (OP):\nOne pays more, one is closer. Which would you take?\n\njo:\nYou get used to money, not to traffic.\n\n"
        "kim (OP):\nClose one it is.\n",
        "Two job offers",
        (
            asked("One pays more, one is closer. Which would you take?", "kim"),
            replied("You get used to money, not to traffic.", "jo"),
            asked("Close one it is.", "kim"),
        ),
    ),
    Example(
        "no title, a greeting first",
        "Hi all,\n\nmy tap drips all night and the plumber is away. Can I stop it myself somehow?\n\nCheers\n",
        "my tap drips all night and the plumber is away.",
        (asked("Hi all,\n\nmy tap drips all night and the plumber is away. Can I stop it myself somehow?\n\nCheers"),),
    ),
    Example(
        "one line",
        "How do I descale a kettle",
        "How do I descale a kettle",
        (asked("How do I descale a kettle"),),
    ),
    Example(
        "a wrapped paragraph without title",
        "I have been running for two months now and since last week the outside of my\n"
        "left knee hurts when I go down the stairs. On the flat it is fine. Should I stop\nor run through it?\n",
        "I have been running for two months now and since last week …",
        (
            asked(
                "I have been running for two months now and since last week the outside of my\n"
                "left knee hurts when I go down the stairs. On the flat it is fine. Should I stop\nor run through it?"
            ),
        ),
    ),
    Example(
        "a story with somebody's words is not a heading",
        "Doctor or not\n\nMy back hurts since Monday. The pharmacist said: wait a week. Would you wait?\n\n"
        "Note: I had this in 2019 too.\n",
        "Doctor or not",
        (
            asked(
                "My back hurts since Monday. The pharmacist said: wait a week. Would you wait?\n\n"
                "Note: I had this in 2019 too."
            ),
        ),
    ),
    Example(
        "a signature is no reply",
        "Which tent for two\n\nThree nights in October, not too heavy. Suggestions?\n\n- Jo\n",
        "Which tent for two",
        (asked("Three nights in October, not too heavy. Suggestions?\n\n- Jo"),),
    ),
    Example(
        "Windows line ends and a byte order mark",
        "\ufeffStuck zip\r\n\r\nThe zip of my tent is stuck. Help?\r\n\r\n- Soap.\r\n- Pencil lead.\r\n",
        "Stuck zip",
        (asked("The zip of my tent is stuck. Help?"), replied("Soap."), replied("Pencil lead.")),
    ),
    Example(
        "the asker answers a question and reports",
        "Dizzy after workouts\n\nI get dizzy when i stop. Is that normal? i drink enough i think.\n\n"
        "• Do you cool down, or do you just stop?\n\n• No, i just stop and sit down. Bad idea?\n\n• Walk for ten minutes. You will feel the difference.\n\n"
        "• Update: walked ten minutes today and it really helped.\n",
        "Dizzy after workouts",
        (
            asked("I get dizzy when i stop. Is that normal? i drink enough i think."),
            replied("Do you cool down, or do you just stop?"),
            asked("No, i just stop and sit down. Bad idea?"),
            replied("Walk for ten minutes. You will feel the difference."),
            asked("Update: walked ten minutes today and it really helped."),
        ),
    ),
    Example(
        "a reply that thanks is not the asker",
        "Blisters on long runs\n\nSame toe every time. What do you use?\n\n- Toe socks.\n\n- Thanks, I'll try those too, same problem here.\n",
        "Blisters on long runs",
        (
            asked("Same toe every time. What do you use?"),
            replied("Toe socks."),
            replied("Thanks, I'll try those too, same problem here."),
        ),
    ),
    Example(
        "@ calls a post by its author",
        "Cold windows\n\nmara wrote:\nWhat do I do about the draught?\n\ntobi wrote:\nFoam tape.\n\nkat wrote:\n@tobi which width?\n",
        "Cold windows",
        (
            asked("What do I do about the draught?", "mara"),
            replied("Foam tape.", "tobi"),
            replied("@tobi which width?", "kat", reply_to="2"),
        ),
    ),
    Example(
        "markdown title and bold names",
        "# Slow sink\n\n**mara:** It takes minutes to drain. What first?\n\n**tobi:** Plunger, then the trap. You can do it alone.\n",
        "Slow sink",
        (
            asked("It takes minutes to drain. What first?", "mara"),
            replied("Plunger, then the trap. You can do it alone.", "tobi"),
        ),
    ),
    Example(
        "the asker's closing below the bullets",
        "Packing dishes\n\nHow do I pack plates for a move?\n\n• Upright, like records.\n\n• Towels between them.\n\n"
        "Thank you all, I'll do it upright and with towels!\n",
        "Packing dishes",
        (
            asked("How do I pack plates for a move?"),
            replied("Upright, like records."),
            replied("Towels between them."),
            asked("Thank you all, I'll do it upright and with towels!"),
        ),
    ),
    Example(
        "the asker's return below the replies, with another bullet",
        "Squeaky floor\n\nThe boards squeak. What can I do?\n\n- Talcum powder between the boards.\n"
        "- Screw the boards down.\n\n* Thanks both! I tried the talcum powder and the squeak is gone.\n",
        "Squeaky floor",
        (
            asked("The boards squeak. What can I do?"),
            replied("Talcum powder between the boards."),
            replied("Screw the boards down."),
            asked("Thanks both! I tried the talcum powder and the squeak is gone."),
        ),
    ),
    Example(
        "another bullet below the last reply, which is a list of its own",
        "Squeaky floor\n\nThe boards squeak. What can I do?\n\n- Talcum powder between the boards.\n"
        "- You need two things:\n\n* a drill\n* long screws\n",
        "Squeaky floor",
        (
            asked("The boards squeak. What can I do?"),
            replied("Talcum powder between the boards."),
            replied("You need two things:\n\n* a drill\n* long screws"),
        ),
    ),
    Example(
        "copied from a link forum, names with u/ and votes",
        "Knee pain going downstairs?\nPosted by u/trail_mouse 3 days ago\nMy left knee hurts on stairs. What helped you?\n\n"
        "u/old_goat 45 points 2 days ago\nStep-downs. Three sets.\n\nu/trail_mouse 2 points 1 day ago\nStarted today!\n",
        "Knee pain going downstairs?",
        (
            asked("My left knee hurts on stairs. What helped you?", "trail_mouse"),
            replied("Step-downs. Three sets.", "old_goat"),
            asked("Started today!", "trail_mouse"),
        ),
    ),
    Example(
        "copied from a bulletin board",
        "Chain slips\nPostby mara » Mon Mar 04, 2024 7:05 pm\n\nNew chain, old cassette.\n\n"
        "Re: Chain slips\nPostby tobi » Mon Mar 04, 2024 9:12 pm\n\nReplace both.\n",
        "Chain slips",
        (
            asked("New chain, old cassette.", "mara", "2024-03-04T19:05:00"),
            replied("Replace both.", "tobi", "2024-03-04T21:12:00"),
        ),
    ),
    Example(
        "a name above the time of the answer",
        "How do I get wine out of linen?\n\nJane Doe\nAnswered 2 years ago\nSalt and cold water.\n\n"
        "Peter Pan\nAnswered 4 March 2022\nWhite wine on red wine.\n",
        "How do I get wine out of linen?",
        (
            asked("How do I get wine out of linen?"),
            replied("Salt and cold water.", "Jane Doe"),
            replied("White wine on red wine.", "Peter Pan", "2022-03-04"),
        ),
    ),
    Example(
        "another language",
        "Rückenschmerzen nach dem Laufen\n\nSeit zwei Wochen tut mir der untere Rücken weh. Was hilft?\n\n"
        "• Kräftigung der Bauchmuskeln.\n\n• Danke euch, das probiere ich aus!\n",
        "Rückenschmerzen nach dem Laufen",
        (
            asked("Seit zwei Wochen tut mir der untere Rücken weh. Was hilft?"),
            replied("Kräftigung der Bauchmuskeln."),
            asked("Danke euch, das probiere ich aus!"),
        ),
    ),
)
