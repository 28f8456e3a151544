export const home = {
  title: 'Una sola clave para tus trámites con el Estado',
  lead: 'Con tu RUN y tu ClaveÚnica entras a los sitios del Estado sin hacer filas y sin recordar una clave para cada uno.',
  doors: {
    get: { title: 'Obtenerla', text: 'Todavía no tengo ClaveÚnica' },
    activate: { title: 'Activarla', text: 'Tengo un código de activación' },
    recover: { title: 'Recuperarla', text: 'No la recuerdo o no funciona' },
    account: { title: 'Mi cuenta', text: 'Ver mis accesos y mis datos' },
  },
  help: {
    title: '¿Necesitas ayuda?',
    text: 'Respuestas cortas, un teléfono y las oficinas que te atienden en persona.',
    label: 'Ir a la ayuda',
  },
  where: {
    title: 'Para qué te sirve',
    items: [
      { title: 'Certificados', text: 'Nacimiento, matrimonio y antecedentes, al instante y gratis.' },
      { title: 'Beneficios', text: 'Bonos, subsidios y becas: postula y revisa tus pagos.' },
      { title: 'Registro Social de Hogares', text: 'Actualiza los datos de tu familia y descarga tu cartola.' },
      { title: 'Pensiones', text: 'Consulta tu pensión y pide la que te corresponde.' },
    ],
  },
  how: {
    title: 'Cómo se usa',
    items: [
      { title: 'Empieza en el sitio que necesitas', text: 'Busca el botón para ingresar con ClaveÚnica.' },
      { title: 'Escribe tu RUN y tu ClaveÚnica', text: 'Solo aquí, en esta página. El sitio nunca la ve.' },
      { title: 'Listo, vuelves al sitio', text: 'Con tu identidad comprobada, para terminar tu trámite.' },
    ],
  },
  safety: {
    title: 'Es tuya y de nadie más',
    text: 'Tu ClaveÚnica vale como tu firma. No se la des a nadie: ni a un familiar, ni a quien diga llamar del Estado.',
    link: 'Cómo cuidarla',
  },
  emulator: {
    title: 'Estás en el emulador',
    text: 'Funciona igual que el proveedor real, con personas y sitios inventados. Nada sale de este computador.',
    tools: 'Abrir el emulador',
    demo: 'Probar en el sitio de demostración',
  },
};

export const help = {
  title: 'Ayuda',
  lead: 'Respuestas cortas. Si no encuentras la tuya, llámanos.',
  call: 'Llámanos',
  contents: 'En esta página',
  office: {
    title: 'Ve a una oficina',
    text: 'Atienden en persona el Registro Civil e Identificación y el Instituto de Previsión Social (IPS, ChileAtiende), en todo el país. Lleva tu cédula de identidad vigente.',
  },
  answers: {
    forgot: {
      title: 'No recuerdo mi ClaveÚnica',
      paragraphs: [
        'Prueba con calma: fíjate en las mayúsculas y que el RUN sea el tuyo.',
        'Si no la recuerdas, crea una nueva con un código que te llega por correo. Si no tienes correo, o ya no usas ese, ve a una oficina con tu cédula de identidad.',
      ],
      way: 'Recuperar mi ClaveÚnica',
    },
    activate: {
      title: 'Tengo un código de activación',
      paragraphs: [
        'Es el código que te dieron en la videollamada o en la oficina. Escríbelo junto con tu RUN: te enviaremos otro código a tu correo o teléfono, y luego eliges tu ClaveÚnica.',
        'El código vence. Si ya no sirve, pide otro en una oficina o por videollamada.',
      ],
      way: 'Activar mi ClaveÚnica',
    },
    factor: {
      title: 'Perdí mi segundo paso (teléfono, llave de acceso)',
      paragraphs: [
        'Al ingresar puedes usar cualquiera de tus otros segundos pasos, o uno de los códigos de respaldo que guardaste.',
        'Si los perdiste todos, nadie puede quitarlos por teléfono ni por correo: así tampoco puede hacerlo otra persona. Te identificamos de nuevo en una oficina, con tu cédula de identidad, o por videollamada.',
      ],
      way: 'Ver mis segundos pasos',
    },
    blocked: {
      title: 'No me deja ingresar aunque está bien escrita',
      paragraphs: [
        'Después de varios intentos, te pedimos esperar un poco antes de probar otra vez. Así nadie puede adivinar tu clave.',
        'Espera el tiempo que indica la página, o crea una ClaveÚnica nueva ahora: así tu cuenta se abre de inmediato. Si sigue sin funcionar, llámanos o ve a una oficina.',
      ],
      way: 'Recuperar mi ClaveÚnica',
    },
    suspicious: {
      title: 'Recibí un mensaje o una llamada sospechosa',
      paragraphs: [
        'Nadie del Estado te pedirá tu ClaveÚnica por teléfono, correo, mensaje o redes sociales. Si lo hacen, es un engaño: no respondas ni abras los enlaces.',
        'Si ya la entregaste, cámbiala ahora mismo en tu cuenta. Ahí también puedes ver dónde se usó, cerrar todas las sesiones y bloquearla. Si no puedes entrar, llámanos.',
      ],
      way: 'Revisar y proteger mi cuenta',
    },
    address: {
      title: '¿Cómo sé que estoy en el sitio correcto?',
      paragraphs: [
        'Antes de escribir tu ClaveÚnica, mira la dirección arriba en tu navegador. Debe empezar exactamente así:',
      ],
      after: 'Si ves otra dirección, cierra la página y entra de nuevo desde el sitio de la institución.',
    },
    shared: {
      title: 'Uso un computador que no es mío',
      paragraphs: [
        'Marca «Estoy en un computador compartido» al ingresar. Así no queda tu sesión abierta para la persona siguiente.',
        'Cuando termines, cierra sesión en el sitio y cierra todas las ventanas. No guardes tu clave en ese navegador.',
      ],
    },
  },
};
