"""The phrases of fabs and plants, as tables; ``bot.rules.cues`` says how to read them.

Building is spending and pushes nobody; stops, delays and refused permits hurt, public money and permits help.
``FIRST`` is asked before the other.
"""

from __future__ import annotations

from bot.rules.cues import table

CAPACITY_FIRST = table(
    r"""
    - stay|injunction|challenge against|on X
    - X _ <site> now due|expected|slated|planned
    + X ... reach|reaches|reached|hits|hit ... yield|yields
    + X ... yields _ good|high|rise|climb|improve|above
    + X ... averts|averted|averting|ends strike|walkout
    + X ... strike|walkout ... averted|off|shelved|suspended
    + strike|walkout ... X ... averted|off|shelved|suspended
    - no (more) <aid> for X
    # plans that are given up, put off or cut short; permits and public money
    - X _ <shelving> ... <site>
    - X _ halve|halves _ investment|spending|capex
    - X _ gives|give up on
    - X _ moves|pushes|push|puts|put|slips|slip back|start|start-up|opening
    - X _ pushes|push|puts|put|slips|slip _ to|by|until|a|on year|years|ice
    - X _ calls|called off _ <site>|sale
    - X _ <site> _ slip|slips|slipping|delayed|stalls|stalled|late|hold|dormant|cold|doubt|overdue|frozen|lags|behind
    - walks|walk|walked|pull|pulls|pulled|backs|back away|out|from ... X
    - sue|sues|sued|suit ... to halt|stop|block X
    - denies|denied|rejects|rejected|blocks|blocked|refuses|refused|revokes|overturns _ zoning|permit|permission
      |rezoning|bid ... X
    - trims|cuts|slashes|withdraws|withdrawn|pulls|claws|reduces|denies|freezes|cancels|halts|holds ... X _ <aid>
    - <aid> ... X _ withdrawn|pulled|cut|lapses|clawed|trimmed|frozen|cancelled|denied|held|delayed|blocked
    - X ... <aid> ... smaller|less than|cut
    - restrictions|curbs|rule|limits ... bars|bar|delay|delays X
    + X _ lands|wins|gets|awarded|secures|receives|granted|cleared|gains|obtains|bags ... <aid>|<nod>|chips|refund
      |refunds|rezoning|vote|council|licence|<number>
    + X _ cleared|approved|permitted to|for
    + grants|hands|gives|pledges|awards|finalises|finalizes|approves|pays|subsidise|subsidize|subsidises|backs
      |commits ... (for|to|of|on|in) X
    + <nod>|<aid>|terms ... for|with|of|to X
    + X _ <aid> _ finalised|finalized|approved|agreed|cleared|paid|arrives|lands|through|signed
    + X _ in line|close|set|near for|to|of|win _ <aid>
    + waves|wave|waved through X
    + X _ restart|restarts|restarted _ construction|building|lines|work
    + X ... ahead of plan|schedule|time|target
    + X _ full load|tilt|capacity
    + X _ yields|yield _ reach|reaches|climb|improve|top|hit|above
    + X _ (now) in high-volume|volume
    + X ... first|three|two (outside) customer|customers
    + save|saves|saved X _ <number>
    + X _ triple|triples|treble|trebling ... capacity|output|wafer
    + X _ tests|trials|testing|trialling|makes|made|readies|preparing _ home-grown|home-made|duv|5nm-class|5nm|7nm
      |chinese
    + orders|order ... from X
    + X _ to build|add ... (for|with) Y
    + fill|fills|run|put|puts ... <number> X
    + X ... passes|pass|clears ... test
    + clears|qualifies X high-na|tools|for
    - triple|double ... as|to ... replace ... X
    - X _ is|are kept|locked|shut out
    - former|ex X engineers|hands|staff
    - former|ex|ex- (-) X engineers|hands|staff
    - X ... no|lacks (big) customer|customers
    - X ... begin|begins|stage|stages _ (first-ever) strike|walkout
    - strike at X
    - X _ sites|site|plants|plant|lines|fabs stop|stops|idle|halt|halts
    - halt|halts|stop|stops|hits X
    - X _ trims|cuts output
    - X _ shut|shuts|shutting _ line|plant|fab
    - <damage> ... X _ evacuat*
    - X _ evacuat*
    - X _ suspended|dormant|idle|mothballed
    # building and moving is spending
    0 X _ gives|donates|hires|trains|opens|begins|starts|breaks|completes|doubles|adds|moves|readies
    0 unaffected|unhurt|unscathed|safe|intact
    0 no|without _ impact|damage|effect
    0 fires|fire up
    + X _ restarts|reopens|resumes|restores|recovers|back ... blaze|quake|fire|outage|flood|storm|lockdown|normal
    - X ... <damage>
    - <damage> ... X
    - power|electricity cut|cuts|dip|outage|failure|loss ... X
    - X ... power|electricity cut|dip|outage|failure
    - without power|water|gas ... X
    - X ... down|dark|offline|idled|switched _ after|power|lines|fab|fabs|line
    - X _ idle|idles
    - X _ switch|switches|turn|turns|turned off
    - X _ puts|put|pushes|push|pushed ... off|back|out|beyond|past
    """
)

CAPACITY = table(
    r"""
    - X _ workers|union|staff _ strike|walkout|walk|walks|down|stoppage
    0 X ... evacuat*
    0 X fire|fires up
    - X stops|halts _ lines|plants
    - X _ backs|walks _ out|away
    - shutters|lockdown ... X
    0 no|normal|unaffected|averted|off|escape* ... <outage>
    0 <outage> ... unaffected|averted|normal|off|check
    + X ... back within|online
    - X _ fined
    - <hit>|halts|shuts|stops|dark ... X
    - X _ shelves|delays|cancels|abandons|drop|drops|pushes _ fab|plant|site|sites|plans|project|to
    + boon|win|boost for X
    - X _ cut* _ <number>|about _ jobs|staff|posts|of
    - X _ overheat*|defect*|mishap
    - <outage> ... X
    - X ... <outage>
    - X _ halts|evacuates|shuts|closes|close|stops|loses|suspends|idles|freezes|scraps|quits|quit|exits|gives|pulls
      |axes|delayed|dark|deferred
    - X _ to _ close|shut|axe|lay|halt|idle
    - X _ cuts|axes|sheds|trims|slashes _ jobs|staff|workers|positions|posts
    - X _ yield|yields _ stuck|poor|low|below
    - shuts|halts|trips|knocks|hits|stops|ices _ X
    - on|in ice|jeopardy|doubt|limbo
    """
)
