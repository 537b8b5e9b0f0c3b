# ruff: noqa: E501 - the seeds are data
"""One small file of each kind that a reader knows, written from the published formats, to be damaged."""

from __future__ import annotations

SEEDS: tuple[bytes, ...] = (
    b"Back soreness\n\nIt hurts after runs. Any ideas?\n\n  \xe2\x80\xa2 Stretch.\n\n    Daily.\n\n  \xe2\x80\xa2 Thanks, will try!\n",
    b"Title\n\nmara wrote:\n> a\nb\n\nOn 4 March 2024, tobi wrote:\nc\n---\nReply 2 (x): d\n\n1) e\n2) f\n",
    b"---\nid: a\ntitle: T\ntags: [a, b]\n---\n\n## Post 1\nauthor: x\nscore: 3\n\ntext\n\n## Post 2\nreply_to: 1\n\nmore\n",
    b'{"id":"a","title":"t","posts":[{"id":"1","text":"q","score":1,"is_op":true,"created":"2024-01-01"}]}\n' * 2,
    b'{"items":[{"question_id":1,"title":"t","body":"<p>b</p>","creation_date":1459975066,"owner":{"user_id":3},'
    b'"answers":[{"answer_id":2,"body":"x","comments":[{"comment_id":4,"body":"z"}]}],"comments":[]}]}',
    b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\n<posts>\n  <row Id="1" PostTypeId="1" Title="t" Body="&lt;p&gt;b" '
    b'Tags="|a|" OwnerUserId="2" />\n  <row Id="2" PostTypeId="2" ParentId="1" Body="c" />\n</posts>\n',
    b'thread_id,text,author,date\n1,"a ""b"", c",x,2024-01-01\n1,d,y,\n',
    b'<!DOCTYPE html><html><head><meta name="generator" content="vBulletin 4.2.5"><link rel="canonical" '
    b'href="https://b.example/showthread.php?77-D"></head><body><ol><li class="postcontainer" id="post_1"><span class="date">'
    b'03-04-2011, 06:22 PM</span><a class="username" href="member.php?9"><strong>Ann</strong></a><div id="post_message_1">'
    b'<div class="bbcode_quote"><div class="bbcode_postedby">Originally Posted by <strong>B</strong> <a href="showthread.php?'
    b'p=2#post2">x</a></div><div class="message">q</div></div>text</div></li></ol></body></html>',
    b'<!DOCTYPE html><html><head><link rel="canonical" href="https://b.example/index.php?topic=7.0"><script>smf_scripturl'
    b'</script></head><body id="forumposts"><span id="top_subject">T</span><div class="pagelinks"><strong>1</strong></div>'
    b'<div class="post_wrapper"><div class="poster"><h4><a href="index.php?action=profile;u=1">A</a></h4></div><div class="keyinfo">'
    b'<div class="smalltext">on: March 04, 2011, 06:22:00 pm</div></div><div class="inner" id="msg_1"><blockquote><cite><a '
    b'href="?msg=2">Quote from: B on x</a></cite>q</blockquote>text</div></div></body></html>',
    b"<html><body><ul><li>a<blockquote>b<pre>c</pre></blockquote></li></ul><a href='http://x'>y</a></body></html>",
    b'{"guild":{"id":"1","name":"G"},"channel":{"id":"5","type":"GuildTextChat","name":"taps"},"messages":[{"id":"1","type":'
    b'"Default","timestamp":"2024-03-04T18:21:00+01:00","timestampEdited":null,"content":"My tap drips.","author":{"id":"9",'
    b'"name":"a","nickname":"A"},"reactions":[]},{"id":"3","type":"Reply","timestamp":"2024-03-04T18:23:00+01:00","content":'
    b'"New washer.","author":{"id":"8","name":"b"},"reference":{"messageId":"1","channelId":"5"},"reactions":[{"count":2}]}]}',
    b'[{"type":"message","ts":"1709576520.000100","user":"U1","text":"My tap drips, <@U2>. &lt;Help&gt;?","thread_ts":'
    b'"1709576520.000100"},{"type":"message","ts":"1709576540.000100","user":"U2","text":"See <https://x.example|this>",'
    b'"thread_ts":"1709576520.000100","reactions":[{"name":"+1","count":2}],"user_profile":{"real_name":"Li"}}]',
    b'{"id":"aa1","name":"t3_aa1","title":"T &amp; t","selftext":"q","author":"m","subreddit":"D","created_utc":1709576520,'
    b'"score":12,"num_comments":2,"permalink":"/r/D/comments/aa1/t/","is_self":true}\n{"id":"c1","link_id":"t3_aa1",'
    b'"parent_id":"t3_aa1","body":"b","author":"t","created_utc":"1709576600","score":3,"subreddit":"D"}\n{"id":"c2",'
    b'"link_id":"t3_aa1","parent_id":"t1_c1","body":"[removed]","author":"[deleted]","created_utc":1709576700,"score":1}\n',
    b'{"id":5,"title":"T","posts_count":2,"tags":["a"],"post_stream":{"posts":[{"id":11,"post_number":1,"username":"a",'
    b'"created_at":"2024-03-04T10:00:00.000Z","cooked":"<p>q</p>","topic_id":5,"actions_summary":[{"id":2,"count":3}]},{"id":12,'
    b'"post_number":2,"username":"b","created_at":"2024-03-05T10:00:00.000Z","cooked":"<aside class=\\"quote\\">q</aside><p>x'
    b'</p>","reply_to_post_number":1,"topic_id":5,"accepted_answer":true,"staff":true}],"stream":[11,12]}}',
    b"From a@x.example Mon Mar  4 10:00:00 2024\nFrom: A <a@x.example>\nSubject: =?utf-8?q?T=C3=A4p?=\nDate: Mon, 04 Mar 2024 "
    b"10:00:00 +0100\nMessage-ID: <1@x>\n\nq\n-- \nsig\n\nFrom b@x.example Mon Mar  4 11:00:00 2024\nFrom: b@x.example\n"
    b"Subject: Re: T\nIn-Reply-To: <1@x>\nContent-Type: multipart/alternative; boundary=z\nMessage-ID: <2@x>\n\n--z\n"
    b"Content-Type: text/html; charset=latin-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>a=E4</p>\n--z--\n",
)
