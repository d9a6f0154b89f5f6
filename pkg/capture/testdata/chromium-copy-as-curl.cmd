curl --url ^"http://127.0.0.1:3911/odd^" ^
  -H ^"Accept: */*^" ^
  -H ^"Accept-Language: en-US,en;q=0.9^" ^
  -H ^"Connection: keep-alive^" ^
  -H ^"Content-Type: application/json^" ^
  -H ^"Origin: http://127.0.0.1:3911^" ^
  -H ^"Referer: http://127.0.0.1:3911/^" ^
  -H ^"Sec-Fetch-Dest: empty^" ^
  -H ^"Sec-Fetch-Mode: cors^" ^
  -H ^"Sec-Fetch-Site: same-origin^" ^
  -H ^"User-Agent: Mozilla/5.0 ^(X11; Linux x86_64^) AppleWebKit/537.36 ^(KHTML, like Gecko^) HeadlessChrome/156.0.0.0 Safari/537.36^" ^
  -H ^"X-Webhook-Signature: t=1700000000,v1=76f5617eecba16033d9f5b550fce43e611ce6a7ae60d9ed3436212c4a9f27732^" ^
  -H ^"sec-ch-ua: ^\^"Not:A-Brand^\^";v=^\^"8^\^", ^\^"Chromium^\^";v=^\^"156^\^"^" ^
  -H ^"sec-ch-ua-mobile: ?0^" ^
  -H ^"sec-ch-ua-platform: ^\^"Linux^\^"^" ^
  --data-raw ^"^{^\^"name^\^":^\^"it's 100^% ^\^\^\^"quoted^\^\^\^" ^!bang ^$HOME ^`x^` ^^caret ^& ^| ^<^> C:^\^\^\^\dir^\^\^\^\ ^%^PATH^% ^%^7B^\^"^}^

^"
