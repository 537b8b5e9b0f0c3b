# ruff: noqa: E501 - one pattern a line reads better than a broken one
"""Phrases by which people say what came of advice, and the guards that take their force away.

Written from English usage: no cue names a subject (plants, knees), only words of trying, of change and of time. A cue
alone decides nothing; `model` weighs the cues of a clause together with who speaks and when.
"""

from __future__ import annotations

import re
from functools import lru_cache

_COUNT = (
    r"(?:\d+(?:[.,]\d+)?|½|¼|¾|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|"
    r"sixteen|eighteen|twenty|thirty|half|couple|few|of|several|some|many|nearly|almost|about|roughly|over|under|good|"
    r"whole|first|second|third|last|this|past|more|and|to|or|dozen|odd|bit|full|solid)"
)
_UNIT = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|mornings?|evenings?|weeks?|wks?|fortnights?|weekends?|months?|"
    r"seasons?|terms?|years?|yrs?|winters?|summers?|washes|goes|tries|attempts|rides?|runs?|nights?)"
)
DURATION = rf"(?:{_COUNT}[\s-]+){{1,5}}{_UNIT}\b"

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_N_T = (
    r"(?:n't|\bnot|\bnever|\bhardly|\bbarely|\bscarcely|\bdont|\bdidnt|\bdoesnt|\bhasnt|\bhavent|\bisnt|\bwasnt|\bwont)"
)
_FILL = r"(?:\s+(?:really|actually|even|exactly|quite|honestly|seem|to|have|yet|so|far|ever|particularly|noticeably|been|all|that|at|any)){0,3}"
_QUALITY = (
    r"(?:better|easier|quieter|drier|warmer|cooler|faster|quicker|softer|cleaner|stronger|calmer|shorter|lighter|"
    r"happier|crisper|smoother|straighter|cheaper|clearer|brighter|looser|tighter|fresher|nicer|stabler|steadier)"
)
_TRIED = (
    r"(?:tried|did|used|followed|bought|got|put|switched|changed|moved|started|went|swapped|copied|took|made|set|"
    r"stopped|gave|cut|fitted|installed|replaced|added|removed|cleaned|turned|raised|lowered|sanded|washed|soaked|"
    r"been|done|had|ran|read|wore|drank|ate|bled|glued|screwed|painted|sealed|filled|asked|rang|phoned|called|told|"
    r"wrote|emailed|sent|joined|cancelled|planned|stretched|rested|poured|sprayed|rubbed|kept|boiled|baked|cooked|"
    r"measured|checked|ignored|taped|lifted|drilled|hung|cooled|warmed|froze|found|felt|pumped|scraped|stuck|borrowed|"
    r"rented|hired|dropped|skipped|left|turned|dug|drained|tightened|loosened|greased|oiled|stood|slept|walked|"
    r"practised|wrote|learned|learnt|signed|paid|saved|sold|threw|opened|closed|covered|wrapped|packed|labelled)"
)

_THAT = (
    r"\b(?:that|this|it|which|both|(?:the|your) \w+(?: trick| method| tip| idea)?)"
    r"(?: has| have| really| actually| totally| just| all| finally)*"
)

PATTERNS: dict[str, tuple[str, ...]] = {
    # Nothing changed
    "no_effect": (
        r"\b(?:no|zero|little|without(?: any)?|hardly any|barely any|not much of an?|not (?:any|much|the slightest)|n't (?:\w+ ){0,3}(?:any|much|the slightest))\s+(?:\w+ ){0,2}(?:change|difference|effect|improvement|results?|reaction|luck|joy|dice|progress|success|help|use|gain|odds|relief|response)\b",
        r"\bno (?:change|difference|effect|improvement)s?\b",
        # "Six weeks no impact" is a way to exercise.
        r"\b(?:had|has|have|having|made|makes?|saw|notic\w+|with) (?:\w+ ){0,2}(?:no|zero|little|any|much of an) (?:\w+ )?impact\b|\b(?:no|zero|little|any) (?:\w+ )?impact (?:on|at all|whatsoever|so far|yet)\b",
    ),
    "did_nothing": (
        r"\b(?:did|does|do|done|doing|changed|changes|achieved|brought|helped|make|made) (?:\w+ ){0,2}(?:nothing|zilch|nada|bugger all|sod all|naff all|zip|diddly)\b",
        r"^\W*(?:nothing|nope|zero|nada|zilch)\b\W*",
        r"[,:—–] ?(?:nothing|zilch|nada|nope|no(?!,))\W*(?:$|[,.;!])",
    ),
    "not_help": (
        rf"{_N_T}{_FILL}\s+(?:do|did|does|done|doing|make|made|help|helped|helping|work|worked|working|change|changed|improve|improved|solve|solved|fix|fixed|cure|cured|budge|budged|shift|shifted|stick|stuck|matter|mattered)\b(?! (?:up|it yet|the chance|with it yet)\b)",
        r"\bcan(?:'t|not) (?:say|claim) (?:that )?\w+(?:'s| has| have|'ve)? (?:\w+ )?(?:help|work|made|did|change)\w*",
        r"\bnever (?:did|worked|helped|works|made)\b",
    ),
    "no_better": (
        rf"(?:\bno|\bnot any|{_N_T}(?: \w+){{0,2}}|\bnot|\bnever any|\bhardly any|\bbarely) (?:much |really |exactly )?{_QUALITY}\b",
    ),
    "as_before": (
        r"\bas \w+ as (?:before|ever|it was|it's ever|always|at the start|they were|last|on day)",
        r"\b(?:exactly|just|much|precisely|same) (?:the same|as (?:it was |they were )?before|as ever|as always|as bad)\b",
        r"\b(?:is|are|was|were|stay\w*|still|all|exactly|about|remain\w*|looks?|feels?|sounds?) (?:all |exactly |much )?the same\b(?! (?:advice|here|thing|as|for|method|way|day|week|time|place|trick))",
        r"\b(?:same (?:problem|issue|pain|noise|result|story|thing)|unchanged|square one|all the same|same again)\b",
        r"\b(?:exactly|still|just|every bit) as \w+(?: and (?:as )?\w+)?(?=\s*(?:$|[.,;!]))",
    ),
    "still_bad": (
        r"\bstill (?:there|drip\w*|leak\w*|hurt\w*|aches?|aching|wakes?|woke|squeak\w*|smell\w*|stuck|full of|flat|tired|crying|howl\w*|bit\w*|pull\w*|damp|wet|soggy|mushy|slow|cold|nothing|no|not|doesn't|won't|can't|isn't|hav\w*|ha[sd]|get\w*|got|do|does|blocked|trips?|overspend\w*|raid\w*|forget\w*|late|just)\b",
        r"\b(?:flat|wet|blocked|back|damp|mouldy|stuck|loose|there) again\b|\bback within\b",
    ),
    "fail": (
        r"\b(?:to no avail|in vain|for nothing|waste of (?:time|money|\w+)|useless|pointless|a dud|a bust|no use|no good|failed|fails|failure|flopped|flop|ineffective|went nowhere|nowhere|no joy|no dice|no luck|no cigar|non-starter|unimpressed|another story|too early|gave up|given up|never got|couldn't be bothered|ignored|abandoned|not for (?:me|us)|wasn't for (?:me|us)|isn't for (?:me|us)|hopeless)\b",
    ),
    "not_gone": (
        rf"{_N_T}{_FILL} (?:gone|grown|dried|cleared|healed|lifted|eased|dropped|stopped|disappeared|moved|notice\w*|touch\w*|tell|feel|see)\b",
        r"\b(?:can't|couldn't|cannot) (?:tell|see|feel|hear|notice) (?:the|a|any|much)\b",
    ),
    # Worse
    # What is worse than another place or year compares; nobody did anything.
    "worse": (
        r"\bworse\w*\b(?! than (?:here|there|ours?|yours|mine|in|at|with us|last (?:year|season|winter|summer|time)|most|any|all|other|every|what (?:we|you)))",
    ),
    "not_worse": (rf"(?:{_N_T}|\bno|\bnot any|\bnever)(?: \w+)? worse\b",),
    "harm": (
        r"\b(?:disaster|disastrous|nightmare|catastroph\w+|backfired?|mistake|regret\w*|ruined|wrecked|destroyed|mess|counter-?productive|angrier|sorer|nothing but (?:damage|trouble)|made me ill|wish (?:i|we) hadn't|don't do (?:it|that|what i did)|set (?:me|us) back|flared? up|flare-up|fiasco|don't bother|learn from me|do not\b|oh dear|never again|ended up in)\b",
        r"\b(?:cracked|snapped|burst|flooded|scorched|burnt|burned|swollen|bleeding|broke|stained|warped|blistered|collapsed|scratched|peeled|bruised|hung over|threw up|in agony|killed|died|chafed|torn|tore|exploded|shattered|rusted|melted)\b",
    ),
    "more_bad": (
        r"\b(?:more|bigger|louder|longer|wetter|colder|stiffer|tireder|harder|even \w+er|even more|twice as) (?:\w+ )?(?:than (?:before|ever|without|when)|instead of|now\b)",
        r"\bmore\b[^.;!?]{0,25},? not (?:less|fewer)\b|\binstead of (?:less|two|one|three|better|fewer|\d)",
        r"\b(?:hurt|ach|leak|drip|smell|squeak|skip|bit|bark|cr(?:y|ie)|howl|burn|swell|snor|itch)\w* (?:even |much |a lot |way |far )?(?:more|harder|louder|longer)\b",
        r"\bnow (?:it|i|he|she|they|we|the \w+|my \w+)(?:'ve| have|'s| has|'m| am| is| are)? (?:also|even|additionally|skips?|hurts?|leaks?|drips?|refuses?|afraid)\b",
    ),
    # Better
    "helped": (r"\bhelp(?:ed|s)\b|\b(?:been|is|are|it's|was|really|actually|already|definitely) helping\b",),
    "worked": (
        r"(?<!\bi )(?<!\bhe )(?<!\bshe )(?<!\bwho )(?<!\bi have )(?<!\bhave )\bwork(?:ed|s)\b(?! (?:at|in|from|as|there|here|for (?:a|the|an)\b|nights|shifts|less))|\b(?:been|are|it's|(?<!\bhe )(?<!\bshe )(?<!\bwho )(?:is|was)|finally|actually|now) working\b(?! (?:at|on|in|from|with|there|here|for|as|hard|today|(?:\w+ )?long|(?:\w+ )?hours)\b)",
    ),
    "that_did": (
        rf"{_THAT} (?:worked|helped|(?:did|has done) (?:it\b|the trick|nothing\b)|(?:fixed|solved|sorted|cured) (?:it|that|my|the|our|this)|ma(?:de|kes) (?:\w+ ){{1,2}}worse|made no difference)\b",
        rf"{_THAT} (?:(?:did|has|have)(?:n't| not)) (?:really |even |actually )?(?:helped|help|worked|work|do anything|done anything|change anything|changed anything|make (?:a|any|much)|made (?:a|any|much))\b",
        r"\bproblem (?:is )?(?:solved|fixed|sorted)\b|\b(?:it|that|everything) (?:is |'s )?(?:works|working) (?:now|again|fine now|perfectly now)\b",
    ),
    "informed": (
        r"\b(?:info\w*|repl(?:y|ies)|answers?|responses?|comments?|explanations?|links?|posts?|inputs?|feedback) (?:\w+ ){0,3}(?:helped|helps|is helping|solved|made)\b",
    ),
    "trick": (
        r"\b(?:did|does|done|doing) (?:the trick|the job|wonders|it for (?:me|us|him|her|my|our))\b",
        r"\b(?:that|this|which|it|they) (?:really |actually |finally |totally )?did it\b",
        r"\b(?:was|is|were) (?:the (?:key|answer|solution|cure|culprit|fix|ticket|thing|cause|one|breakthrough|trick|problem)|it\b(?=\W)|enough|what (?:did|made|got|fixed|saved|worked))",
    ),
    "solved": (
        r"\b(?:sorted|cured|fixed|solved|resolved|healed|rescued|saved|nailed|cracked it|bingo|eureka|unblocked|life-?saver|life-?changing|changed my life|game[- ]?changer|breakthrough|revelation|godsend|magic|miracles?|wonders|jackpot|success\w*|triumph|victory|winner|smash hit|hallelujah|hooray|hurrah|woohoo|yay|paid off|passed)\b",
    ),
    "difference": (
        r"\b(?:made|makes|make|making) (?:a|an|all the|quite a|such a|the biggest|the|more) (?:\w+ ){0,2}(?:difference|change)\b",
        r"\b(?:huge|big|massive|clear|real|enormous|noticeable|night and day|biggest) (?:\w+ )?(?:difference|improvement|change|relief|success|help)\b|\bwhat a difference\b|\btransform\w+\b",
    ),
    "better": (rf"\b{_QUALITY}\b|\b(?:improv(?:ed|ing|ement|es)|reliev?ed|eased|relief)\b",),
    "no_more": (
        r"\b(?:no longer|no more|not once|not one|not (?:a|one) (?:single )?(?!bit\b|lot\b|good\b|big\b|fan\b|problem\b|sign\b)\w+|never once|nothing since|none since|without (?:a|any|one) (?:single )?\w+|zero|no new|no (?:\w+ ){0,3}since)\b",
        rf"{_N_T} (?:had|seen|heard|felt|noticed|smelt|smelled|lost|missed|needed|woken|touched|put|come back)\b",
        r"\b(?:any ?more|anymore)\b(?=\W*(?:$|[.,!)]))",
        r"\b(?:hardly|barely|rarely|scarcely|almost never) (?:\w+ )?(?:any ?more|now|hurts?|notice\w*|ever|wakes?|feel|see|need|any)\b|\balmost nothing\b|\b\w+-free\b|\b\w+ free (?:now|since|for|again|so far|at last)\b",
        r"\b(?:lost|lose|missed) no\b|\b(?:one|two|three) since\b|\bno \w+ (?:at all|whatsoever)\b",
    ),
    "good_state": (
        r"\b(?:is|are|was|were|it's|that's|has|have|been|all|also|and|completely|almost|nearly|now|finally|just|stays?|stayed|feels?|looks?|came out|turned out|perfectly|went) (?:\w+ )?(?:gone|vanished|disappeared|silent|quiet|dry|clean|clear|perfect|fine|brilliant|great|lovely|good|sound|spotless|sharp|fluffy|solid|alive|happy|healthy|calm|bliss|safe|tight|warm|even|soft|crisp|straight|transformed|as good as new|like new|good as gold|back to normal|asleep|loose|relaxed)\b",
        r"\b(?:all good|so far so good|touch wood|fingers crossed|problem solved|job done|peace|at last|finally|like a (?:charm|dream|baby|log|treat)|a treat|a doddle|easy)\b",
    ),
    "went_away": (
        r"\b(?:went|gone|goes|faded|melted) (?:\w+ )?away\b|\b(?:stopped|dried up|cleared up|calmed down|settled|let go|came (?:off|out|loose|free|clean|right|up|back)|back to normal|dropped (?:like|to|from|by)|disappeared|vanished|shrunk|slid|popped|shifted)\b",
        r"\bgone\b",
    ),
    "from_to": (
        r"\bfrom [^.;]{1,45} (?:down |up )?to (?:maybe |about |perhaps |roughly |almost |nearly |just |only |under )?(?:\d|£|€|\$|zero|none|nothing|one|two|three|four|five|six|half|a\b|the)",
        r"\b(?:down|up|fell|dropped|rose) (?:\w+ )?(?:to|by|from) (?:\w+ )?(?:[\"“‘'])?(?:\d|£|€|\$|zero|none|nothing|one|two|three|four|five|six|half|almost|lost|a\b)",
        r"\b(?:about |maybe |nearly |roughly )?(?:half|a third|two thirds|a quarter|most) (?:of|as|that|what) |\bis (?:about |nearly )?half\b|\bhalved\b|\bdoubled?\b|\b(?:less|fewer) than (?:half|before|when)\b|\bhours? more\b|\b\d+ (?:of|out of) \d+\b",
    ),
    "achieved": (
        r"\b(?:slept|sleeps?) (?:\w+ )?(?:through|until|till|from|in|like|better|well)\b|\b(?:sta(?:ys|yed)|held|holds|holding|thriv\w+|recovered|came back|new (?:leaf|leaves|shoots?|growth)|survived|going strong|managed?|manages|made it|pulled it off|it lives|lives!+)\b",
        r"\b(?:got|get|gets) (?:it|the \w+|my \w+|our \w+|them|him|her|half|all|everything|through|to (?:about|\d|two|the)|four|three|\d+)\b|\bcan (?:\w+ )?(?:now|stand|walk|run|sleep|sit|live|eat|see|open|hear|go|feel|do|get)\b|\bable to\b|\bwithout (?:\w+ing|a|any)\b",
    ),
    "praise": (
        r"\b(?:brilliant\w*|fantastic|perfect\w*|excellent|amazing\w*|wonderful\w*|superb|genius|spot on|worth (?:it|every)|couldn't be happier|never looked back|over the moon|chuffed|delighted|convert\w*|sold on|lov(?:e|ing) (?:it|this|them)|so happy|very happy|best \w+|heaven|impressed|thank you|thanks|thank)\b",
    ),
    "less": (
        r"\b(?:much|a lot|far|way|noticeably|clearly|bit|already|is|are|even|slightly) less\b|\bless (?:\w+ )?(?:now|than before|already|often)\b|\b(?:fewer|calmer|lower) \w+|\bhalf as\b|\bonly (?:a (?:bit|little|few)|the odd|one|two|once|twice|short)\b",
    ),
    # Intentions
    "will": (
        r"\b(?:i|we)(?:'ll| will| shall)\b",
        r"\b(?:i'm|i am|we're|we are|im|gonna|i|we) (?:\w+ )?(?:going to|gonna|about to|planning|off to|plan to|intend to|want to try|going with|going for)\b",
        r"\bi(?:'m| am) (?:trying|getting|ordering|buying|setting|doing|starting|switching|booking|taking|putting|making|giving|moving|off|having|stealing|adding|going)\b|\bwe(?:'re| are) (?:trying|getting|ordering|buying|doing|starting|switching|booking|taking|putting|moving|having|going)\b",
        r"\bwill\b|\b\w+'ll\b",
    ),
    "bare_future": (
        r"(?:^|[.!,;:—–(]\s*|\band |\bso |\bthen |\bok(?:ay)?,? |\bright,? )(?:will|gonna|going (?:to|for|with|without|back)|about to|off to|planning|trying|giving|doing|starting|ordering|booking|switching|moving|getting|buying|adding)\b",
    ),
    "ordered": (
        r"\b(?:ordered|on order|booked|in the (?:basket|post)|shopping list|on (?:my|the) list|on (?:its|their|the) way|appointment|signed up|agreed to|is bought|are bought|have bought|'ve bought|put in for|reserved)\b",
    ),
    "future_time": (
        rf"\b(?:tomorrow|tonight|this (?:weekend|evening|afternoon|{_DAY})|next (?:week|weekend|month|payday|{_DAY}|day off|wash|time)|at the weekend|on (?:my|our|the) (?:next )?day off|(?:from|as of|starting|until) (?:tomorrow|today|tonight|now on|{_DAY}|next \w+|{_MONTH}|this \w+|the (?:1st|first|\d+))|on (?:{_DAY}|the \d+|the first)|first thing|after work)\b",
        rf"^\W*(?:{_DAY}|(?:the )?weekend|this evening|later|after that)\s*:",
    ),
    "next": (
        r"(?:^|[.!;(]\s*)\W*(?:next|next up|plan|the plan|to do|todo|next (?:step|experiment|attempt|try|stop|thing|test|up)|first step|so the plan|so)\b\s*(?:is\b|:|=|,)",
        r"\b(?:next (?:attempt|experiment|step|try|test)|that's the plan|it is,? then|it is then|for me,? then)\b",
    ),
    "give_try": (
        r"\b(?:give|giving) (?:it|this|that|them|the \w+|your \w+|\w+'s|both|one|your) (?:\w+ ){0,3}(?:try|go|shot|whirl|chance|bash|crack)\b|\bworth a (?:try|go|shot)\b|\btry (?:it|that|this|the|your|both|\w+'s)\b|\b(?:i'll|will|gonna|going to|i'd) (?:\w+ )?(?:try|start|get|order|buy|do|have|go|set|put|ask|ring|call|book|move|take|make|see if)\b",
    ),
    "promise": (
        r"\b(?:i|we)(?:'ll| will)? (?:\w+ )?(?:report|let (?:you|everyone)|keep you|update)\b|\bwill (?:report|update|let)\b|\bwish me luck\b|\bkeep (?:it|the|this|doing|going|them|both|using)\b|\bstick(?:ing)? (?:with|to)\b|\bstay(?:ing)? with\b",
    ),
    "will_not": (r"\b(?:won't|will not|not going to|never going to|not gonna)\b|n't (?:going to|gonna|bother)\b",),
    # Trying, coming back, time
    "tried": (
        rf"\b(?:i|we)(?:'ve| have|'d| had)? (?:\w+ ){{0,2}}{_TRIED}\b",
        r"\btried\b|\bdid (?:the|that|this|what|exactly|both|all|as|it)\b",
    ),
    "tried_bare": (
        rf"(?:^|[.!?;:—–(,]\s*)(?:and |so |but |then |also |ok |well |just |finally |went and )*{_TRIED}\b",
        r"^\W*(?!indeed|need)\w{2,}ed (?:it|the|this|that|them|both|my|our|mine|ours|a|some|all|off)\b",
        rf"\b{DURATION} of\b|^\W*(?:did|used|tried|followed|copied|went for|bought|seconding|piggybacking|same here|doing)\b",
    ),
    "after_reading": (
        r"\b(?:after reading|because of (?:this|you|the)|thanks to (?:this|you|the|\w+)|found this (?:thread|by|via)|this thread|like \w+ (?:said|says|wrote|suggested|described)|as \w+ (?:said|says|wrote|suggested|described|advised)|what \w+ (?:says?|said|describes?|wrote|suggested)|\w+'s (?:method|trick|advice|tip|way|idea|version|list|thing|post|plan|suggestion)|the advice|you (?:said|suggested|recommended|wrote|mentioned)|suggested|mentioned|recommended|same here|did the same|followed|copied)\b",
    ),
    "return": (
        r"\b(?:update|report(?:ing|s)?|follow[- ]?up|status|verdict|closing the (?:circle|loop)|as promised|back (?:again|with|to say|to report|here|home)|home again|sign of life|results? (?:are )?in|with results|confirm\w*|final)\b",
        r"(?:^|[.!]\s*)(?:so|right|well|ok so)[.!:,]",
    ),
    "time_passed": (
        rf"\b{DURATION}(?: (?:later|on|in|now|since|down|after)\b|,|:|\.|!|$)",
        rf"\b(?:after|for|since|in|within|been|over|took|these|every|last) {DURATION}|\b(?:day|week|month|night) \d+\b",
        rf"\bsince (?:then|{_DAY}|{_MONTH}|easter|christmas|last|the|sunday|i|we|about|switching|doing|starting)\b",
    ),
    "duration": (rf"\b{DURATION}",),
    "now": (
        r"\b(?:now|since|so far|by now|these days|finally|already|every (?:day|time|night|morning)|ever since|again)\b",
    ),
    # What makes a cue say nothing
    "elsewhere": (
        r"\b(?:my|a|his|her|our|the|some|another) (?:friend|mate|colleague|neighbou?r|sister|brother|cousin|uncle|aunt|boss|doctor|gp|physio|trainer|teacher|flatmate|mum|dad|mother|father|gran|grandma|breeder|guy|lady|shop)(?:'s)? (?:who |that )?(?:says?|said|told|swears?|claims?|thinks?|reckons?|always|did|tried|had|has|used|got)\b",
        r"\b(?:everyone|everybody|people|they|some|many|others|websites?|internet|videos?|reviews?) (?:\w+ )?(?:says?|said|claims?|swears?|tell|told|reckons?|recommends?)\b|\b(?:supposed(?:ly)?|allegedly|apparently|said to|i heard|read (?:that|somewhere)|in theory)\b",
    ),
    "you": (r"(?<!\bthank )\b(?:you|your|you're|you'll|yours|yourself|u)\b",),
    "first_person": (r"\b(?:i|i'm|i've|i'll|i'd|me|my|we|we've|we're|we'll|our|us|mine|myself|im|ive)\b",),
    "modal": (r"\b(?:should|could|would|might|may|must|ought|i'd|you'd|shouldn't|can't)\b",),
    "hope": (r"\b(?:hope|hopefully|hoping|wish|maybe|perhaps|wonder\w*|if only|luck)\b",),
    "if": (
        r"\bwhen (?:that|this|it) (?:doesn't|won't|fails|does not)\b|\b(?:if|unless|whether|until|till|in case|provided|as soon as|otherwise)\b",
    ),
    "command": (
        r"^\W*(?:please |just |and |but |then |also |so |or )?(?:don't|do not|never|always|try|use|get|take|put|ask|let|stop|start|go|buy|give|make|check|look|leave|wait|cut|move|turn|add|clean|keep|ring|call|see|read|feed|measure|write|have|be|find|set)\b",
    ),
    "unsure": (
        r"\b(?:not sure|no idea|could (?:also )?be|can't (?:say|swear|tell|be sure|fully)|hard to say|who knows|either way|or just|don't know (?:if|whether)|might (?:also )?be|coincidence|too early|early days)\b",
    ),
    "although": (r"\b(?:but|though|although|however|only|except|apart from|on the other hand)\b",),
    "general": (
        r"\b(?:always|usually|mostly|often|sometimes|normally|generally|most people|people|some (?:people|back|dogs))\b",
    ),
}
"""Patterns by name; each name is one feature of a clause."""

RESULTS = (
    "no_effect did_nothing not_help no_better as_before still_bad fail not_gone worse harm more_bad helped worked trick "
    "solved difference better no_more good_state went_away from_to achieved praise less"
).split()
"""Cues of a result; a hedge before one takes its force away."""

# Lower-case patterns on lower-case text: without IGNORECASE the regex engine skips ahead twice as fast.
_COMPILED = {name: re.compile("|".join(f"(?:{one})" for one in many)) for name, many in PATTERNS.items()}

_NEGATION = re.compile(
    r"n't|\bno|\bnever|\bhardly|\bbarely|\bscarcely|nt\b|\bcannot|\bwithout|\bnil\b|\bzero|worse|more|free|since"
)
_NEED_NEGATION = frozenset("no_effect not_help no_better not_gone not_worse no_more will_not".split())

_HEDGE = re.compile(
    r"(?:\b(?:would|should|could|might|may|must|ought to|will|hopefully|hope|hoping|wish|maybe|perhaps|supposed to|"
    r"whether|unless|until|till|so that|to see|in order to|need to|needs to|going to|gonna|if|whenever|once|as soon as|"
    r"provided|as long as|expect\w*|suppose\w*|before|you can|you'll)\b|'ll\b|\bi'd\b|\byou'd\b|\bit'd\b|\bthat'd\b)"
    r"[^,.;!?:]{0,60}$"
)
"""Standing before a cue of result, these make it a wish, a condition or a guess."""

_STRAIGHT = str.maketrans("’‘‛´`", "'''''")


@lru_cache(maxsize=256)
def straight(text: str) -> str:
    """The text with straight apostrophes; of the same length, so that spans stay."""
    return text.translate(_STRAIGHT)


@lru_cache(maxsize=8192)
def cues(clause: str) -> frozenset[str]:
    """Names of the cues in a clause; a result that is only wished for, supposed or conditional comes as `hedged`."""
    plain = _PAST_PLAN.sub("meant to", straight(clause).lower())
    found: set[str] = set()
    negated = _NEGATION.search(plain)
    for name, pattern in _COMPILED.items():
        match = pattern.search(plain) if negated or name not in _NEED_NEGATION else None
        if not match:
            continue
        if name in _RESULTS and _HEDGE.search(plain[: match.start()]):
            found.add("hedged")
        else:
            found.add(name)
    if found & _PLAIN_SAME:
        found -= {"helped", "worked", "difference", "no_more", "solved", "went_away", "less", "praise"}
    if "as_before" in found and _ALIKE.search(plain):
        found.discard("as_before")
    if "no_better" in found:
        found.discard("better")
    if found & {"tried", "tried_bare"} and not found & _FUTURE:
        found.discard("future_time")  # "started on Monday"
    if "not_worse" in found:
        found.discard("worse")
    return frozenset(found)


_ALIKE = re.compile(
    r"^\W*(?:our|ours|mine|my)\b[^,;:.]{0,25}\b(?:is|are|was|were) the same\b|\bhad (?:much|exactly|just|about) the same\b"
    r"|\b(?:is|'s|was) (?:exactly )?the same thing\b"
)
"""Says that one thing is like another, not that a thing is as it was: "our stairs are the same"."""

_RESULTS = frozenset(RESULTS)
_PAST_PLAN = re.compile(r"\b(?:was|were|had been) (?:\w+ )?(?:going to|about to|planning to|off to)")
"""What was meant and is over: "I was going to give up"."""

_FUTURE = frozenset({"will", "bare_future", "ordered", "next", "give_try"})
_PLAIN_SAME = frozenset({"no_effect", "did_nothing", "not_help", "no_better"})
