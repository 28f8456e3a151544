/** The integration doctor, for who builds a site. */
export const doctor = {
  link: 'Ver sus intentos recientes',
  title: (site: string) => `Intentos recientes de ${site}`,
  lead: 'Cada ingreso que este sitio intentó, paso a paso, con lo que falló y cómo se arregla. Lo más nuevo primero.',
  caution:
    'Es una ayuda para quien desarrolla, no una prueba: cualquiera puede enviar solicitudes a nombre de un sitio. Se guardan los últimos 50 intentos por 7 días como máximo, sin datos de personas ni secretos. En producción se guarda solo lo que falla.',
  none: 'No hay intentos en los últimos 7 días. Haz un ingreso desde tu sitio y vuelve a abrir esta página.',
  attempt: (when: string) => `Intento de ${when}`,
  back: 'Todos los intentos de este sitio',
  client: 'El sitio',
  states: { failed: 'falló', advice: 'con advertencias', done: 'bien', open: 'sin terminar' },
  summaries: { done: 'Terminó bien', open: 'Empezó y no ha seguido' },
  stepsTitle: 'Pasos',
  steps: {
    request: 'Solicitud por PAR',
    authorize: 'Autorización',
    return: 'Vuelta al sitio',
    token: 'Canje del código (token)',
    userinfo: 'Datos de la persona (userinfo)',
    logout: 'Cierre de sesión',
  },
  outcomes: {
    page: 'mostramos la página de ingreso',
    code: 'el sitio recibió un código',
    done: 'bien',
    error: 'rechazado',
  },
  fault: 'Qué pasó',
  advice: 'Advertencia',
  rows: {
    error: 'Error que recibió el sitio',
    description: 'Descripción que recibió',
    method: 'Método HTTP',
    contentType: 'Tipo de contenido',
    sent: 'Parámetros que llegaron',
    auth: 'Cómo se identificó',
    pkce: 'PKCE',
    prompt: 'prompt',
    scope: 'scope',
    dropped: 'scopes que no se entregan',
    redirect: 'redirect_uri que llegó',
    afterwards: 'post_logout_redirect_uri que llegó',
    registered: 'La registrada más parecida',
    differs: 'En qué difiere',
  },
  authSeen: {
    basic: 'secreto en la cabecera (client_secret_basic)',
    post: 'secreto en el formulario (client_secret_post)',
    assertion: 'firma (private_key_jwt)',
    none: 'sin credenciales en la llamada',
    two: 'de dos maneras a la vez',
    other: 'con otra cabecera Authorization',
  },
  authRegistered: (seen: string, registered: string) => `${seen}; registrado: ${registered}`,
  noPkce: 'no se usó',
  parts: {
    encoding: 'codificación: viene codificada dos veces, o con %XX donde no corresponde',
    scheme: 'esquema (http o https)',
    user: 'usuario delante del nombre del servidor',
    host: 'nombre del servidor',
    port: 'puerto',
    path: 'ruta',
    slash: 'barra final',
    case: 'mayúsculas y minúsculas',
    query: 'parámetros después de ?',
    fragment: 'fragmento después de #',
    unreadable: 'no es una dirección completa',
  },
  faults: {
    'missing-state': {
      is: 'No envió state',
      mend: 'Envía en cada ingreso un state nuevo, de 16 caracteres al azar o más, guárdalo en la sesión del navegador y compáralo a la vuelta. Sin él, otra persona puede hacer entrar a tu usuaria con una cuenta ajena.',
    },
    'short-state': {
      is: 'El state es muy corto',
      mend: 'Usa 16 caracteres al azar o más, distintos en cada ingreso: uno corto o constante se adivina.',
    },
    'missing-nonce': {
      is: 'No envió nonce',
      mend: 'Envía un nonce nuevo en cada ingreso y compáralo con el del ID token: así nadie reutiliza un token de otro ingreso.',
    },
    'unknown-scope': {
      is: 'Pide scopes que no tiene',
      mend: 'Quítalos de la solicitud, o pide que se agreguen a tu sitio con su base legal. Mientras tanto se omiten en silencio.',
    },
    'logout-not-opened': {
      is: 'El cierre de sesión no se abrió como página',
      mend: 'No terminó ninguna sesión: desde un servidor, un iframe o fetch la cookie no viaja. Lleva el navegador de la persona a esa dirección, con un enlace o una redirección.',
    },
    'client-suspended': {
      is: 'El sitio está suspendido',
      mend: 'Nadie puede ingresar por él, y su secreto no sirve. Habla con la operación del servicio.',
    },
    'client-not-certified': {
      is: 'El sitio no está habilitado en este ambiente',
      mend: 'En producción solo ingresan sitios certificados: pide la certificación. Revisa también que uses el client_id de este ambiente.',
    },
    'unknown-redirect-uri': {
      is: 'El redirect_uri no está registrado',
      mend: 'Envía exactamente una de las direcciones registradas, o propón la nueva en la página del sitio. Esquema, puerto, ruta, barra final, parámetros y mayúsculas cuentan.',
    },
    'unknown-logout-uri': {
      is: 'El post_logout_redirect_uri no está registrado',
      mend: 'Envía exactamente una de las direcciones de salida registradas, o propón la nueva en la página del sitio.',
    },
    'missing-parameter': {
      is: 'Falta un parámetro',
      mend: 'La descripción dice cuál. Compara con los parámetros que llegaron: un nombre mal escrito no cuenta.',
    },
    'repeated-parameter': { is: 'Un parámetro viene dos veces', mend: 'Envía cada parámetro una sola vez.' },
    'unsound-text': {
      is: 'state, nonce o claims no se pueden usar',
      mend: 'Deben ser UTF-8 y tener 2048 caracteres como máximo. Guarda lo que es largo en tu servidor y envía una referencia.',
    },
    'pkce-missing': {
      is: 'Falta PKCE',
      mend: 'Envía code_challenge y code_challenge_method=S256, y el code_verifier al canjear el código. Las bibliotecas de OpenID Connect lo hacen solas.',
    },
    'pkce-method': {
      is: 'PKCE está mal armado',
      mend: 'Usa code_challenge_method=S256, con code_challenge = BASE64URL(SHA-256(code_verifier)), sin relleno «=».',
    },
    'request-object': {
      is: 'La solicitud firmada no sirve',
      mend: 'Fírmala con una llave de tu JWKS y el algoritmo registrado; incluye iss, aud, exp (una hora como máximo), nbf y client_id.',
    },
    'request-uri-over': {
      is: 'El request_uri venció o ya se usó',
      mend: 'Dura 60 segundos y sirve una vez. Envía otra solicitud a PAR y abre la autorización de inmediato.',
    },
    'no-session': {
      is: 'Pidió prompt=none y no hay sesión',
      mend: 'Es una respuesta normal: repite la solicitud sin prompt=none para que la persona ingrese.',
    },
    'acr-not-reached': {
      is: 'La persona no puede alcanzar el nivel pedido (acr)',
      mend: 'Pide un nivel más bajo, o explícale qué le falta: un segundo factor, una llave de acceso o identificarse en una oficina.',
    },
    cancelled: {
      is: 'La persona canceló',
      mend: 'No es una falla: muestra tu propia página con el botón de ingreso.',
    },
    'content-type': {
      is: 'La llamada no es un formulario',
      mend: 'Envía los parámetros en el cuerpo como application/x-www-form-urlencoded. JSON no se acepta.',
    },
    'http-method': {
      is: 'El canje no se llamó con POST',
      mend: 'Llama a token con POST y los parámetros en el cuerpo.',
    },
    'no-credentials': {
      is: 'El sitio no se identificó',
      mend: 'Envía el client_secret en la cabecera Authorization: Basic o en el formulario; con llaves, un client_assertion.',
    },
    'two-credentials': {
      is: 'El sitio se identificó de dos maneras',
      mend: 'Usa una sola: cabecera, formulario o firma, y el mismo client_id en todas partes.',
    },
    'unreadable-credentials': {
      is: 'La cabecera Authorization no se entiende',
      mend: 'Es «Basic » y BASE64(client_id:client_secret), ambos codificados antes como en un formulario.',
    },
    'wrong-secret': {
      is: 'El secreto no es el de este sitio',
      mend: 'Revisa que sea el de este ambiente y que no le falte o sobre nada (espacios, saltos de línea). Si se perdió, crea otro en la página del sitio.',
    },
    'old-secret': {
      is: 'El secreto es uno anterior que ya venció',
      mend: 'Pon en tu sistema el que se mostró al crear el nuevo. El anterior sirvió 30 días más.',
    },
    'wrong-auth-method': {
      is: 'El sitio se identificó de otra manera que la registrada',
      mend: 'Usa el método registrado, o pide que se cambie.',
    },
    'bad-assertion': {
      is: 'La firma del sitio (client_assertion) no sirve',
      mend: 'iss y sub son tu client_id, aud es el emisor, exp a 5 minutos como máximo, un jti nuevo cada vez, y una llave publicada en tu JWKS.',
    },
    'bad-certificate': {
      is: 'El certificado falta o no es el registrado',
      mend: 'Llama a las direcciones de mtls_endpoint_aliases, con el certificado cuyo nombre o llave está registrado.',
    },
    'code-unknown': {
      is: 'El código no se conoce',
      mend: 'Venció (dura 60 segundos), la persona cerró sesión antes, es de otro ambiente, o llegó cortado. Canjéalo de inmediato, completo y decodificado una vez.',
    },
    'code-expired': {
      is: 'El código venció',
      mend: 'Dura 60 segundos: canjéalo apenas llegue, antes de cualquier otra cosa. Revisa colas y tiempos de espera de tu servidor.',
    },
    'code-used': {
      is: 'El código se canjeó dos veces',
      mend: 'Canjéalo una sola vez, aunque la persona recargue la página o tu servidor reintente. Lo que se entregó la primera vez quedó revocado: empieza de nuevo.',
    },
    'code-of-another': {
      is: 'El código es de otro sitio',
      mend: 'Usa en el canje el mismo client_id que en la autorización. Si tienes varios sitios, no mezcles sus direcciones de retorno.',
    },
    'redirect-uri-differs': {
      is: 'El redirect_uri del canje no es el de la autorización',
      mend: 'Envía el mismo texto en los dos pasos.',
    },
    'verifier-missing': {
      is: 'Falta code_verifier en el canje',
      mend: 'Guarda el code_verifier en la sesión del navegador al empezar y envíalo al canjear.',
    },
    'verifier-wrong': {
      is: 'El code_verifier no corresponde',
      mend: 'Debe ser el de este mismo ingreso, de 43 a 128 caracteres. Suele pasar con dos pestañas que comparten una sola variable: guárdalo por state.',
    },
    'verifier-unasked': {
      is: 'Hay code_verifier y la autorización no traía code_challenge',
      mend: 'Usa PKCE en los dos pasos.',
    },
    'token-in-query': {
      is: 'El token viene en la dirección',
      mend: 'Envíalo en la cabecera Authorization: en la dirección queda escrito en registros.',
    },
    'token-header': { is: 'La cabecera del token no se entiende', mend: 'Es «Bearer », un espacio y el access_token.' },
    'token-over': {
      is: 'El token venció o ya no vale',
      mend: 'Pide los datos apenas lo recibes, y guárdalos en tu propia sesión. También muere al cerrar sesión o si el código se canjea dos veces.',
    },
    'bad-id-token-hint': {
      is: 'El id_token_hint no sirve',
      mend: 'Envía el ID token tal como llegó al ingresar, de este mismo sitio y ambiente.',
    },
    ours: {
      is: 'Falló algo de nuestro lado',
      mend: 'Prueba otra vez. Si se repite, escribe a la mesa de ayuda con la hora y el código de ayuda de la página.',
    },
    other: { is: 'La solicitud no se aceptó', mend: 'La descripción dice por qué.' },
  },
};
