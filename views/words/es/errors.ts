import type { ErrorPlace, ProtocolErrorCode } from '#src/domain/protocol-error.ts';
import type { message, protocolError } from './messages.ts';

/** For developers and operators: why, and what to do about it. */
type Explained = { readonly cause: string; readonly mend: string };

export const errors = {
  cause: 'Causa',
  mend: 'Cómo se arregla',
  at: 'Dónde aparece',
  status: 'Estado HTTP',
  places: {
    callback: 'en la dirección de retorno',
    page: 'en una página nuestra',
    token: 'token, introspección, revocación',
    userinfo: 'userinfo',
    request: 'PAR',
    register: 'registro de clientes',
    device: 'flujo de dispositivos',
    backchannel: 'CIBA',
  } satisfies Record<ErrorPlace, string>,
  protocol: {
    access_denied: {
      cause: 'La persona canceló, dijo que no, o su cuenta ya no puede entrar.',
      mend: 'No es una falla: muestra tu página de inicio de sesión y deja que la persona decida si prueba otra vez.',
    },
    authorization_pending: {
      cause: 'La persona todavía no responde en su teléfono (CIBA) o en la otra pantalla (dispositivo).',
      mend: 'Pregunta otra vez después de «interval» segundos.',
    },
    consent_required: {
      cause: 'Pediste prompt=none y hay que mostrarle una página de consentimiento.',
      mend: 'Repite la solicitud sin prompt=none.',
    },
    expired_token: {
      cause: 'El auth_req_id o el device_code venció antes de que la persona respondiera.',
      mend: 'Empieza una solicitud nueva.',
    },
    insufficient_scope: {
      cause: 'El token no tiene el scope que esta llamada necesita (openid).',
      mend: 'Pide el scope openid en la autorización.',
    },
    interaction_required: {
      cause: 'Pediste prompt=none y la persona tiene que hacer algo antes.',
      mend: 'Repite la solicitud sin prompt=none.',
    },
    invalid_binding_message: {
      cause: 'El binding_message tiene más de 20 caracteres, o alguno que no se lee bien en cualquier pantalla.',
      mend: 'Usa letras sin acento, números y . + / ! ? # - _.',
    },
    invalid_client: {
      cause:
        'El client_id no existe o no está habilitado, el secreto o la firma no corresponden, no llegó nada que pruebe quién pregunta, o se usó otro método que el registrado.',
      mend: 'Revisa client_id, secreto y token_endpoint_auth_method. Con private_key_jwt: aud es el emisor, exp a 5 minutos como máximo, un jti nuevo cada vez y una llave publicada en tu JWKS. Con certificados: llama a la dirección de mtls_endpoint_aliases.',
    },
    invalid_client_metadata: {
      cause:
        'Un dato del registro no vale: una dirección sin https, un algoritmo que no se ofrece, una combinación imposible.',
      mend: 'La descripción nombra el dato. Compáralo con lo que ofrece discovery.',
    },
    invalid_dpop_proof: {
      cause: 'La prueba DPoP falta, es vieja, ya se usó, o no corresponde a la llamada o al token.',
      mend: 'Una prueba nueva por llamada: jti nuevo, iat de ahora, htm y htu de esta llamada, ath con el token en userinfo. Revisa la hora de tu servidor.',
    },
    invalid_grant: {
      cause:
        'El código venció (dura 60 segundos), ya se usó, es de otro cliente, o redirect_uri o code_verifier no son los de la autorización. También un refresh token revocado.',
      mend: 'Canjea el código una sola vez y de inmediato, con el mismo redirect_uri. Guarda el code_verifier en la sesión de la persona. Si ya se canjeó, empieza de nuevo.',
    },
    invalid_redirect_uri: {
      cause: 'El redirect_uri no es igual, letra por letra, a uno de los registrados.',
      mend: 'Registra la dirección exacta: esquema, puerto, ruta, barra final y parámetros cuentan.',
    },
    invalid_request: {
      cause:
        'Falta un parámetro, viene dos veces o tiene un valor imposible. Lo más común: no hay code_challenge (PKCE con S256), o state, nonce o claims pasan de 2048 caracteres.',
      mend: 'La descripción dice cuál. Envía los formularios como application/x-www-form-urlencoded y cada parámetro una vez.',
    },
    invalid_request_object: {
      cause: 'La solicitud firmada (request) no se puede verificar, le falta un dato, o vale por más de una hora.',
      mend: 'Fírmala con una llave de tu JWKS y con el algoritmo registrado. Incluye iss, aud (el emisor), exp y nbf, y client_id dentro y fuera.',
    },
    invalid_request_uri: {
      cause: 'El request_uri de PAR venció (dura 60 segundos), ya se usó o es de otro cliente.',
      mend: 'Envía otra solicitud a PAR y abre la página de autorización de inmediato.',
    },
    invalid_scope: {
      cause: 'Pediste un scope que no se puede pedir así.',
      mend: 'Pide openid y los scopes registrados. Uno que no tienes se omite, no da error.',
    },
    invalid_token: {
      cause:
        'El token venció, fue revocado, la sesión terminó, o no se mostró con la llave o el certificado al que está atado.',
      mend: 'Pide un token nuevo. Con DPoP usa «Authorization: DPoP …» y una prueba; nunca lo envíes en la dirección.',
    },
    login_required: {
      cause:
        'Pediste prompt=none y no hay una sesión que sirva: no existe, venció, es de un computador compartido o pediste max_age.',
      mend: 'Repite la solicitud sin prompt=none para que la persona ingrese.',
    },
    registration_not_supported: {
      cause: 'Enviaste el parámetro registration en la autorización.',
      mend: 'Quítalo: los clientes se registran antes.',
    },
    request_not_supported: {
      cause: 'Enviaste una solicitud firmada (request) y tu cliente no tiene esa opción acordada.',
      mend: 'Envía los parámetros sueltos o por PAR, o pide la opción «jar» a quien opera el servicio.',
    },
    request_uri_not_supported: {
      cause: 'Enviaste un request_uri que no viene de PAR.',
      mend: 'Usa el que te entrega PAR.',
    },
    server_error: {
      cause: 'Algo falló de nuestro lado.',
      mend: 'Prueba otra vez. Si se repite, envía el código de ayuda a la mesa de ayuda: el registro tiene el detalle con ese código.',
    },
    slow_down: {
      cause: 'Preguntas más seguido que cada «interval» segundos.',
      mend: 'Espera cinco segundos más entre pregunta y pregunta.',
    },
    temporarily_unavailable: {
      cause: 'Una parte nuestra no responde, o hay más gente de la que podemos atender.',
      mend: 'Prueba otra vez después de los segundos de Retry-After. Nada cambió.',
    },
    unauthorized_client: {
      cause: 'Tu cliente no está registrado para ese response_type o grant_type.',
      mend: 'Usa response_type=code. Los refresh tokens y otras opciones se acuerdan con quien opera el servicio.',
    },
    unknown_user_id: {
      cause: 'El login_hint de CIBA no es el RUN de una cuenta.',
      mend: 'Envía un RUN con cuenta activa.',
    },
    unmet_authentication_requirements: {
      cause: 'Pediste un nivel (acr) que esta persona no puede alcanzar hoy.',
      mend: 'Explícale qué necesita: un segundo factor, una llave de acceso, o identificarse de nuevo en una oficina.',
    },
    unsupported_grant_type: {
      cause: 'Ese grant_type no se ofrece, o no para tu cliente.',
      mend: 'Usa authorization_code.',
    },
    unsupported_response_mode: {
      cause: 'Ese response_mode no se ofrece a tu cliente.',
      mend: 'Usa query o form_post.',
    },
    unsupported_response_type: {
      cause: 'Ese response_type no se ofrece.',
      mend: 'Usa code.',
    },
    unsupported_token_type: {
      cause: 'Ese tipo de token no se puede revocar ni consultar.',
      mend: 'Los tokens de acceso y de refresco se revocan; los ID tokens no.',
    },
  } satisfies Record<ProtocolErrorCode, Explained>,
  /** What a page of ours knows better than the code says. */
  kinds: {
    'unknown-client': {
      cause: 'El client_id no existe o no fue enviado.',
      mend: 'Revisa que el client_id sea el de este ambiente: los de prueba no existen en producción.',
    },
    'client-disabled': {
      cause:
        'El cliente existe, pero su estado no permite ingresar: es un borrador, falta su certificación o está suspendido.',
      mend: 'Pide a la persona a cargo de tu institución que revise su estado en la consola.',
    },
  } satisfies Partial<Record<keyof (typeof protocolError)['kinds'], Explained>>,
  pages: {
    'too-young': {
      cause: 'Quien activa tiene menos de 14 años.',
      mend: 'No hay nada que hacer hasta su cumpleaños.',
    },
    'no-contact': {
      cause:
        'La cuenta por activar no tiene correo (ni teléfono, donde se envían SMS) para el segundo código, y ninguna oficina lo tiene en papel.',
      mend: 'Agregar uno donde atendieron a la persona. Quien no tiene se identifica en una oficina, donde se imprime el segundo código.',
    },
    'request-gone': {
      cause:
        'El enlace de una carta sobre una solicitud no corresponde a ninguna: terminó hace más de 30 días, se borró, o el correo cortó la dirección.',
      mend: 'Hacer otra solicitud en /obtener.',
    },
    stale: {
      cause: 'La página o el enlace venció, ya se usó, o se abrió en otro navegador.',
      mend: 'Empezar de nuevo: la página ofrece el camino.',
    },
    'no-cookies': {
      cause: 'La dirección de un ingreso llegó sin ninguna cookie: el navegador las bloquea, o es otro.',
      mend: 'Permitir las cookies de este sitio; para un enlace copiado, empezar de nuevo: la página ofrece el camino.',
    },
    finished: {
      cause:
        'El formulario llegó dos veces (se tocó otra vez con una conexión lenta, botón atrás, segunda pestaña) y el primero valió.',
      mend: 'Seguir: la página ofrece el camino.',
    },
    fault: {
      cause: 'Una falla nuestra que nadie esperaba.',
      mend: 'Buscar el código de ayuda en el registro: la línea tiene el error completo.',
    },
    'recovery-stopped': {
      cause: 'Dos personas del servicio detuvieron la recuperación en todo el país.',
      mend: 'Esperar a que siga, o ir a una oficina.',
    },
    'enrolment-stopped': {
      cause: 'Dos personas del servicio detuvieron las solicitudes nuevas en todo el país.',
      mend: 'Esperar a que sigan, o ir a una oficina.',
    },
    unavailable: {
      cause: 'Postgres o Redis no responden, o la cola de ingresos está llena.',
      mend: 'Mirar /readyz, que nombra la parte que falta; la respuesta trae Retry-After.',
    },
    'too-many': {
      cause: 'Demasiadas solicitudes desde la misma red en un minuto (docs/routes.md dice cuántas).',
      mend: 'Esperar un minuto. Si es una red de mucha gente, revisar TRUSTED_PROXIES.',
    },
    'not-found': {
      cause: 'La dirección no existe, o el nombre del servidor no es uno de los nuestros (421).',
      mend: 'Revisar el enlace; para otro nombre, PUBLIC_ORIGIN y HOST_ALIASES.',
    },
    'not-allowed': {
      cause:
        'La tabla de roles no abre esa página de la consola a la función de quien la pidió; el intento queda en el registro.',
      mend: 'Pedir la función a una supervisión, o entrar con la cuenta que la tiene.',
    },
    forbidden: {
      cause: 'El formulario no traía su marca (CSRF), vino de otro sitio, o el navegador no guarda cookies.',
      mend: 'Abrir la página otra vez y permitir las cookies de este sitio.',
    },
    'bad-request': {
      cause: 'Faltan campos o llegaron en un formato que no es el del formulario.',
      mend: 'Abrir la página otra vez. Un programa debe enviar los campos de la página.',
    },
    'too-large': {
      cause: 'Lo enviado pasa del límite (32 KiB en formularios).',
      mend: 'Enviar algo más corto.',
    },
    method: {
      cause: 'La dirección existe, pero no con ese método (un GET donde va un POST).',
      mend: 'Empezar desde la página que tiene el formulario.',
    },
  } satisfies Record<keyof typeof message, Explained>,
};
